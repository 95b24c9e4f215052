//! Titles and questions of the measures in Chinese, in the order of the registry.

/// The Chinese title of the measure of this name; empty where there is no such measure.
pub fn title(name: &str) -> &'static str {
    of(name).map_or("", |(_, title, _)| title)
}

/// The question that the measure of this name answers, in Chinese; empty where there is no such measure.
pub fn question(name: &str) -> &'static str {
    of(name).map_or("", |(_, _, question)| question)
}

fn of(name: &str) -> Option<(&'static str, &'static str, &'static str)> {
    TEXTS.iter().copied().find(|(of, ..)| *of == name)
}

/// Name, title, question.
const TEXTS: &[(&str, &str, &str)] = &[
    ("moran", "莫兰指数（Moran's I）", "相邻城市的数值是否相似？"),
    ("geary", "吉尔里系数（Geary's C）", "相邻城市之间差异有多大？"),
    ("getis_ord_g", "Getis-Ord全局G", "空间上集聚的是高值还是低值？"),
    ("join_counts", "连接计数", "具有某一属性的城市是否彼此相邻？"),
    ("bivariate_moran", "双变量莫兰指数", "某一变量的高值城市，其周边城市的另一变量是否也高？"),
    ("lee", "Lee's L", "两个变量在空间上是否同步变化？"),
    ("moran_rate", "比率的莫兰指数", "考虑人口规模差异后，相邻城市的比率是否相似？"),
    ("correlogram", "空间相关图", "城市间的相似性可达多远？"),
    ("association", "空间邻近与联系网络之比较", "数值的相似遵循空间邻近，还是遵循城市间的联系？"),
    ("local_moran", "局部莫兰指数（LISA）", "哪些城市构成高值或低值集聚，哪些与邻居截然不同？"),
    ("local_moran_rate", "比率的局部莫兰指数", "考虑人口规模差异后，哪些城市构成高比率或低比率集聚？"),
    ("local_moran_bivariate", "双变量局部莫兰指数", "何处某一变量的高值与邻居另一变量的高值相伴？"),
    ("local_geary", "局部吉尔里系数", "哪些城市与邻居相似，哪些与邻居不同？"),
    ("local_geary_multivariate", "多变量局部吉尔里系数", "综合所有变量，哪些城市与邻居相似？"),
    ("local_g", "Getis-Ord局部G", "哪些城市周围高值集聚（热点），哪些周围低值集聚（冷点）？"),
    ("local_g_star", "Getis-Ord局部G*", "哪些城市处于热点或冷点的中心？"),
    ("local_join_count", "局部连接计数", "具有某一属性的城市中，哪些的邻居也具有该属性？"),
    ("losh", "局部空间异方差（LOSH）", "何处邻近城市之间的差异大于其他地方？"),
    ("gini", "基尼系数", "城市间的差异有多大？"),
    ("theil", "泰尔指数T与L", "城市间差异有多大，其中多少是组间差异？"),
    ("theil_nested", "两级分组的泰尔指数", "差异有多少在大区之间，多少在区内各省之间，多少在省内？"),
    ("dagum", "基尼系数的Dagum分解", "差异有多少在组内，多少在组间，各组又在多大程度上交叠？"),
    ("generalised_entropy", "广义熵指数", "差异有多大，主要来自低端还是高端？"),
    ("atkinson", "阿特金森指数", "差异的代价有多大：若其余均分，可放弃总量的多少？"),
    ("lorenz", "洛伦兹曲线与佩恩队列", "最低的城市占总量多少，各城市位列何处？"),
    ("polarisation", "极化指数", "城市是否聚成贫富两极，中间很少？"),
    ("rank_size", "位序—规模法则与首位度", "城市规模是否服从齐普夫法则，首位城市是否突出？"),
    ("variation", "离散程度指标", "城市之间、高低之间相差多大？"),
    ("inequality_intervals", "差异指标的置信区间", "所得差异在多大程度上取决于所选城市，其历年变化是否超出这一范围？"),
    ("sigma_convergence", "σ收敛", "各城市是否逐年趋同？"),
    ("beta_convergence", "β收敛", "起点低的城市是否增长更快，追赶的速度有多快？"),
    ("beta_conditional", "条件β收敛", "在教育、产业等条件相同的城市中，起点低的是否增长更快？"),
    ("beta_panel", "逐年β收敛", "逐年来看，起点低的城市是否增长更快：趋向同一水平，还是各自的水平？"),
    ("beta_spatial", "空间β收敛", "考虑邻近城市增长相似之后，起点低的城市是否仍增长更快？"),
    ("markov", "相对水平的马尔可夫链", "低水平城市是否停留在低位，高水平城市是否停留在高位，长期结果如何？"),
    (
        "spatial_markov",
        "空间马尔可夫链",
        "邻居水平高时，低水平城市是否更易上升；邻居水平低时，高水平城市是否更易下降？",
    ),
    ("lisa_transitions", "莫兰散点图象限间的跃迁", "城市与邻居是同升同降，还是与邻居分道扬镳？"),
    ("rank_mobility", "位序流动性（肯德尔τ、Rey的θ）", "城市位序是否变化，谁升谁降，同组城市是否同升同降？"),
    ("spatial_rank_mobility", "空间位序流动性（Rey的空间τ）", "相邻城市之间的位次互换，比不相邻的城市更多还是更少？"),
    ("spatial_gini", "空间基尼系数", "差异存在于邻近城市之间还是较远城市之间，是否超出随机水平？"),
    ("density", "相对水平的核密度", "城市形成一个还是多个俱乐部，分布是否收窄？"),
    ("centre_of_gravity", "重心", "数值的重心在哪里，向何处移动，与人口重心相距多远？"),
    ("ellipse", "标准差椭圆", "数值的空间分布范围多大，主轴指向何方，是否趋于集中？"),
    ("centrality", "中心性", "哪些城市处于联系网络的中心，哪些处于边缘？"),
    ("core_periphery", "核心—边缘结构", "哪些城市是网络的核心，哪些是边缘，各种方法的结论是否一致？"),
    ("network_structure", "网络结构", "网络是否密集、互惠、紧凑，是否有层级，失去一个中心会损失多少？"),
    ("communities", "网络社区", "哪些城市内部联系多于对外联系，自成一组？"),
    ("backbone", "网络骨架", "哪些联系支撑网络，各城市以哪个城市为首要联系方向？"),
    ("gravity", "引力联系强度", "若联系取决于规模与距离，城市间联系有多强，各与谁最强？"),
    ("gravity_fit", "引力模型拟合", "联系随规模增长、随距离衰减的程度如何，哪些城市对高于或低于预期？"),
    ("radiation_model", "辐射模型", "若人人前往最近的、机会更多的城市，流动如何分布，是否与实际相符？"),
    ("intervening_opportunities", "介入机会模型", "流动是否止于途中最先遇到的机会，衰减多快？"),
    ("interlocking", "连锁网络模型", "哪些城市因企业分支机构而相连，各城市在网络中的中心性如何？"),
    ("accessibility", "可达性", "从各城市出发可达多少机会，可达范围内的供给是否满足需求？"),
    ("breakpoints", "断裂点", "两个核心的引力在何处平衡，各城市相对其核心能保持多大独立性？"),
    ("huff", "哈夫模型份额", "各城市以怎样的份额趋向各核心，各核心吸引多少需求？"),
    ("field_strength", "场强与核心辐射范围", "各城市所受核心的场强多大，各核心的辐射范围多远？"),
    ("hinterland", "腹地", "各城市由哪个核心主导，是否稳固，联系与质量距离的结论是否一致？"),
    ("polycentricity", "多中心性", "从联系与城市规模看，区域有一个还是多个中心？"),
    ("spillover", "空间溢出效应", "某一城市的解释变量增加一个单位，对本市、对其他城市合计及各城市影响多大？"),
    ("driving_effect", "核心带动效应", "外围随相联系的核心一同增长（扩散），还是此长彼消（回波）？"),
    ("qap", "联系的影响因素（QAP）", "城市间的联系源于邻近、规模、同属一个行政区，还是相似？"),
    ("similarity", "产业结构相似系数", "城市间产业结构有多相似，哪些城市对最相似，是否趋于同构？"),
    ("location_quotient", "区位商", "各城市在哪些部门具有专业化优势？"),
    ("specialisation", "专业化与多样化", "各城市的专业化程度如何，其结构与其他城市相差多大？"),
    ("concentration", "产业空间集中度", "哪些部门集中于少数城市？"),
    ("coagglomeration", "产业协同集聚", "哪些部门聚于相同城市，哪些彼此分离？"),
    ("complexity", "经济复杂度与关联度", "哪些城市拥有他处少有的产业，哪些部门与城市已有产业相近？"),
    ("urban_flow", "城市流强度", "各城市的外向服务功能有多大，产出如何？"),
    ("functional_specialisation", "功能专业化", "哪些城市的服务相对生产的比重高于参照区，哪些较低？"),
    ("isomorphism_pairs", "最相似与最不相似的城市对", "哪些城市建立了相同产业，哪些没有，由哪些部门造成？"),
    ("complementarity", "产业互补性", "哪些城市在不同部门具有优势，从而可以互为供给？"),
    ("isomorphism_null", "产业同构的随机检验", "在总体结构与各城市规模给定时，产业结构的相似是否超出随机水平？"),
    ("isomorphism_explained", "产业同构的影响因素", "城市产业相似源于邻近、联系、规模相当，还是同属一个行政区？"),
    ("division_of_labour", "城市产业分工", "哪些城市对属重复建设、协作或互补，哪些城市产业类型相同？"),
    ("structure_change", "产业结构变动", "各城市产业结构变动多大，转向哪些部门？"),
    ("upgrading", "产业结构高级化", "各城市在由农业经工业走向服务业的进程中处于何处？"),
    ("rationalisation", "产业结构合理化", "就业是否与产出相协调，各部门生产率是否悬殊？"),
    ("shift_share", "偏离—份额分析", "各城市的增长来自整体增长、自身的产业结构，还是超越同行业的竞争力？"),
    ("shift_share_spatial", "空间偏离—份额分析", "各城市的增长与周边同步，还是独立于周边？"),
    ("dynamic_location_quotient", "动态区位商", "各城市在哪些部门的专业化程度上升，哪些下降？"),
    ("normalised", "指标标准化", "以统一尺度衡量，各城市在各指标上处于何处？"),
    ("indicator_weights", "指标权重", "各种赋权法下，每个指标的权重是多少？"),
    ("score", "综合得分", "综合各方面，各城市发展水平如何，优势在哪个维度？"),
    ("topsis", "TOPSIS（与理想解的贴近度）", "各城市距各指标的最优有多近，距最劣有多远？"),
    ("vikor", "VIKOR折衷排序", "兼顾总体与最差指标，哪个城市最优？"),
    ("coupling", "子系统的耦合协调度", "城市的经济、环境等子系统是否既发展又协调，哪个滞后？"),
    ("obstacles", "障碍因子诊断", "哪些指标制约各城市，哪些制约多数城市？"),
    ("index_robustness", "指数排名的稳健性", "城市排名在多大程度上取决于所选权重与个别指标？"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::MEASURES;

    #[test]
    fn every_measure_has_a_title_and_a_question() {
        let named: Vec<&str> = TEXTS.iter().map(|(name, ..)| *name).collect();
        let mut registered: Vec<&str> = MEASURES.iter().map(|measure| measure.about().name).collect();
        for name in &registered {
            assert!(!title(name).is_empty(), "{name} has no title");
            assert!(question(name).ends_with('？'), "{name} has no question");
        }
        registered.sort_unstable();
        let mut sorted = named;
        sorted.sort_unstable();
        assert_eq!(sorted, registered);
        assert_eq!((title("none"), question("none")), ("", ""));
    }
}
