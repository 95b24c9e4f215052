//! The themes: which columns a map can be drawn from, and how.

use super::drawing::Drawing::{self, Around, Cities, Classes, Communities, Rising, Texts};
use super::renderer::Renderer;
use super::{document, mark};
use crate::Language;
use crate::write::Report;
use crate::write::classes::{
    CONTESTED, G, GEARY, GEARY_OF_SEVERAL, GRADES, INSIDE_REACH, JOINS, MORAN, MOVES, QUADRANTS, SPREAD, TIERS,
};
use crate::write::columns::NamedColumn;

/// A map that can be drawn from one column.
#[derive(Debug)]
struct Theme {
    /// The column, without variable, year and weights.
    stem: &'static str,
    /// Its name as a layer.
    name: &'static str,
    english: &'static str,
    chinese: &'static str,
    drawing: Drawing,
}

const fn theme(
    stem: &'static str,
    name: &'static str,
    english: &'static str,
    chinese: &'static str,
    drawing: Drawing,
) -> Theme {
    Theme { stem, name, english, chinese, drawing }
}

/// All themes, in the order of the families.
#[rustfmt::skip]
static THEMES: &[Theme] = &[
    theme("moran_z", "standardised", "Values in standard form", "标准化值", Around(0.0)),
    theme("lisa_cl", "lisa", "Clusters and outliers, local Moran's I", "局部莫兰指数聚类", Classes(&MORAN)),
    theme("bv_cl", "lisa_bivariate", "Clusters and outliers, bivariate local Moran's I", "双变量局部莫兰指数聚类", Classes(&MORAN)),
    theme("rlisa_cl", "lisa_rate", "Clusters and outliers of rates, local Moran's I", "比率的局部莫兰指数聚类", Classes(&MORAN)),
    theme("geary_cl", "geary", "Likeness of neighbours, local Geary's c", "局部Geary指数", Classes(&GEARY)),
    theme("gearym_cl", "geary_of_several", "Likeness of neighbours in several values, local Geary's c", "多变量局部Geary指数", Classes(&GEARY_OF_SEVERAL)),
    theme("g_cl", "hot_spots_without_own", "Hot and cold spots, local G", "冷热点（局部G）", Classes(&G)),
    theme("gstar_cl", "hot_spots", "Hot and cold spots, local G*", "冷热点（局部G*）", Classes(&G)),
    theme("ljc_cl", "join_counts", "Clusters of ones, local join counts", "局部连接计数聚类", Classes(&JOINS)),
    theme("losh_cl", "heteroscedasticity", "Spread among neighbours, LOSH", "局部空间异方差", Classes(&SPREAD)),
    theme("gini_part", "gini_parts", "Parts of the Gini coefficient", "基尼系数分解", Rising),
    theme("theil_part", "theil_parts", "Parts of Theil's T", "泰尔指数分解", Around(0.0)),
    theme("yearly_growth", "growth", "Yearly growth", "年均增长", Around(0.0)),
    theme("growth_unexplained", "growth_unexplained", "Growth that the regression leaves unexplained", "回归未解释的增长", Around(0.0)),
    theme("lisa_move", "lisa_moves", "Moves between the quadrants of the Moran scatter", "莫兰散点象限跃迁", Classes(&MOVES)),
    theme("strength", "strength", "Strength of links", "联系强度", Rising),
    theme("betweenness", "betweenness", "Betweenness", "中介中心性", Rising),
    theme("eigenvector", "eigenvector", "Eigenvector centrality", "特征向量中心性", Rising),
    theme("pagerank", "pagerank", "PageRank", "PageRank中心性", Rising),
    theme("constraint", "constraint", "Burt's constraint", "结构洞约束度", Rising),
    theme("tier", "tiers", "Core, semi-periphery and periphery", "核心、半边缘与边缘", Classes(&TIERS)),
    theme("coreness", "coreness", "Coreness", "核心度", Rising),
    theme("community", "communities", "Communities of the network", "网络社群", Communities),
    theme("gravity", "gravity", "Gravity linkage", "引力联系强度", Rising),
    theme("gravity_ratio", "gravity_ratio", "Flows against the gravity model", "实际流与引力模型之比", Around(1.0)),
    theme("accessibility", "accessibility", "Accessibility", "可达性", Rising),
    theme("connectivity", "connectivity", "Connectivity by firms", "企业网络连通度", Rising),
    theme("primary_core", "primary_cores", "Core with the largest share, Huff", "首位核心（Huff模型）", Cities),
    theme("field_strength", "field_strength", "Field strength", "场强", Rising),
    theme("inside_reach", "reach", "Within the reach of a core", "核心辐射范围", Classes(&INSIDE_REACH)),
    theme("hinterland", "hinterlands", "Hinterlands", "腹地", Cities),
    theme("hinterland_share", "hinterland_share", "Share of the dominating core", "主导核心份额", Rising),
    theme("hinterland_contested", "contested", "Contested hinterlands", "争夺腹地", Classes(&CONTESTED)),
    theme("hinterland_linked", "hinterlands_by_links", "Hinterlands by links", "按联系划分的腹地", Cities),
    theme("membership", "membership", "Share of the core in all links", "核心联系份额", Rising),
    theme("growth", "driven_growth", "Growth", "增长", Around(0.0)),
    theme("core_growth", "core_growth", "Growth of the cores that a city is linked with", "相联核心的增长", Around(0.0)),
    theme("iso_mean", "similarity", "Similarity of industrial structures", "产业同构程度", Rising),
    theme("lq_top", "leading_sectors", "Sector with the largest location quotient", "区位商最高的行业", Texts),
    theme("hhi", "concentration", "Concentration of industry, Herfindahl-Hirschman", "产业集中度（HHI）", Rising),
    theme("krugman", "specialisation", "Specialisation, Krugman's index", "专业化（Krugman指数）", Rising),
    theme("eci", "complexity", "Economic complexity", "经济复杂度", Around(0.0)),
    theme("urban_flow", "urban_flow", "Urban flow intensity", "城市流强度", Rising),
    theme("func_spec", "functional_specialisation", "Functional specialisation", "功能专业化", Around(0.0)),
    theme("compl_mean", "complementarity", "Complementarity", "互补性", Rising),
    theme("dup_with", "duplicates", "City whose industry is duplicated most", "最同构的城市", Cities),
    theme("iso_group", "industrial_communities", "Communities of industrial profiles", "产业结构群组", Communities),
    theme("moore", "structural_change", "Structural change, Moore's angle", "产业结构变动（Moore值）", Rising),
    theme("upgrade_w", "upgrading", "Upgrading of the industrial structure", "产业结构升级", Rising),
    theme("upgrade_ts", "upgrading_services", "Tertiary over secondary sector", "三产与二产之比", Rising),
    theme("ration_tl", "rationalisation", "Rationalisation, Theil's form", "产业结构合理化（泰尔指数）", Rising),
    theme("ss_im", "industrial_mix", "Industrial mix", "产业结构分量", Around(0.0)),
    theme("ss_rs", "regional_part", "Regional part", "区域竞争力分量", Around(0.0)),
    theme("ss_quadrant", "shift_share", "Quadrants of shift-share", "偏离份额象限", Classes(&QUADRANTS)),
    theme("sss_nm", "neighbourhood_mix", "Neighbourhood-nation mix", "邻域结构分量", Around(0.0)),
    theme("sss_rm", "neighbourhood_region", "Neighbourhood-region effect", "邻域竞争力分量", Around(0.0)),
    theme("index_score", "score", "Composite score", "综合得分", Rising),
    theme("topsis", "topsis", "Closeness to the ideal, TOPSIS", "TOPSIS贴近度", Rising),
    theme("vikor_q", "vikor", "Compromise Q, VIKOR", "VIKOR折衷值", Rising),
    theme("coupling_d", "coordination", "Degree of coupling coordination", "耦合协调度", Rising),
    theme("coupling_grade", "coordination_grades", "Grades of coupling coordination", "耦合协调等级", Classes(&GRADES)),
    theme("coupling_lagging", "lagging", "Lagging subsystem", "滞后子系统", Texts),
    theme("obstacle_first", "obstacles", "First obstacle", "首要障碍因子", Texts),
];

/// A theme as the columns of a run allow it.
pub struct ThemeMap<'a> {
    theme: &'static Theme,
    /// The column that it is drawn from.
    pub column: &'a NamedColumn<'a>,
    renderer: Renderer<'a>,
    language: Language,
}

/// The maps that can be drawn from these columns, in their order.
pub fn maps<'a>(report: &Report, columns: &'a [NamedColumn<'a>]) -> Vec<ThemeMap<'a>> {
    let mark = mark(report);
    let map = |column: &'a NamedColumn<'a>| {
        let theme = THEMES.iter().find(|theme| theme.stem == column.stem)?;
        let legend = theme.drawing.legend(report, column)?;
        let renderer = Renderer { attribute: &column.name, mark, legend };
        Some(ThemeMap { theme, column, renderer, language: report.language })
    };
    columns.iter().filter_map(map).collect()
}

impl ThemeMap<'_> {
    /// The style; with the columns of a layer also what they are called in words.
    pub fn style(&self, columns: Option<&[NamedColumn]>) -> String {
        document(&self.renderer, columns)
    }

    /// What the map shows, with variable, year and weights.
    pub fn title(&self) -> String {
        let outcome = self.column.outcome;
        let year = outcome.year.map(|year| year.to_string());
        let parts = [outcome.variable.clone(), year, outcome.weights.clone()];
        let title = self.language.choose(self.theme.english, self.theme.chinese);
        parts.into_iter().flatten().fold(title.to_owned(), |title, part| title + self.language.comma() + &part)
    }

    /// The name of the layer: that of the column, with the theme in the place of its stem.
    pub fn layer_name(&self) -> String {
        let (column, stem) = (&self.column.name, self.column.stem);
        match column.rfind(stem) {
            Some(at) => format!("{}{}{}", &column[..at], self.theme.name, &column[at + stem.len()..]),
            None => column.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::measures::{FieldPlace, MEASURES};
    use crate::write::columns::{Names, tests::columns};
    use crate::write::fixture::{outcome, report};

    #[test]
    fn every_theme_has_a_column_of_a_measure_and_a_name_of_its_own() {
        let stem =
            |place: &FieldPlace| if let FieldPlace::Column(Some((long, _))) = place { Some(*long) } else { None };
        let known: HashSet<&str> =
            MEASURES.iter().flat_map(|measure| measure.about().fields).filter_map(|field| stem(&field.place)).collect();
        let (mut stems, mut names) = (HashSet::new(), HashSet::new());
        for theme in THEMES {
            assert!(known.contains(theme.stem), "no measure has a column {}", theme.stem);
            assert!(stems.insert(theme.stem) && names.insert(theme.name), "{} is there twice", theme.name);
        }
    }

    #[test]
    fn a_layer_keeps_variable_and_year_of_its_column() {
        let mut report = report();
        report.outcomes = vec![outcome("gdp", "queen", Some(2010)), outcome("lisa_cl", "links", Some(2020))];
        let (columns, _) = columns(&report, Names::Long, "");
        let maps = maps(&report, &columns);
        let names: Vec<String> = maps.iter().map(ThemeMap::layer_name).collect();
        assert_eq!(names, ["gdp_lisa_2010", "lisa_cl_net_lisa_2020"]);
        assert_eq!(maps[0].title(), "Clusters and outliers, local Moran's I, gdp, 2010, queen");
        let style = maps[1].style(None);
        assert!(style.contains("attr=\"lisa_cl_net_lisa_cl_2020\"") && !style.contains("<alias"));
        assert_eq!(style.matches("<category ").count(), 7);
    }

    #[test]
    fn a_style_is_in_the_language_of_the_report() {
        let mut report = report();
        report.language = Language::Chinese;
        let (columns, _) = columns(&report, Names::Long, "");
        let maps = maps(&report, &columns);
        assert_eq!(maps[0].title(), "局部莫兰指数聚类、gdp、queen");
        assert!(maps[0].style(None).contains("label=\"HH：高值集聚 (1)\""));
    }
}
