//! Maps of groups that were found: communities of the network, of industrial profiles, and leading sectors.

use super::super::{Figure, Place, Stage};
use super::kinds::{Kind, Kinds};
use super::{has, last_year, names, projection, sentences, shown_year};
use crate::measures::{Outcome, Values};
use crate::note::short;

/// Most groups with a colour of their own.
const MOST: usize = 12;
/// Most sectors with a colour of their own.
const SECTORS: usize = 8;

/// Communities and leading sectors; the page shows communities of a network only where there are no tiers.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    let of = |measure| stage.of(measure).filter(|outcome| shown_year(stage, outcome.year));
    let network = of("communities").filter_map(|outcome| communities(stage, outcome));
    let industry = of("division_of_labour").filter_map(|outcome| communities(stage, outcome));
    let sectors = of("location_quotient").filter_map(|outcome| sectors(stage, outcome));
    network.chain(industry).chain(sectors).collect()
}

fn communities(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let Some(Values::Counts(found)) = outcome.column("community") else { return None };
    let of: Vec<Option<usize>> = found.iter().map(|k| k.and_then(|k| usize::try_from(k - 1).ok())).collect();
    let count = of.iter().flatten().max()? + 1;
    let of_network = outcome.measure == "communities";
    let kind = |k: usize| Kind { text: known_by(stage, outcome, k), letter: (k + 1).to_string() };
    let kinds = Kinds { kinds: (0..count.min(MOST)).map(kind).collect(), of, without: stage.say("none", "无") };
    let (stem, english, chinese) = if of_network {
        ("map_communities", "Communities of the network", "网络社群")
    } else {
        ("map_industrial_communities", "Communities of industrial profiles", "产业结构群组")
    };
    let mut figure = Figure::new(stage, stem, outcome, Place::Maps, kinds.draw(stage));
    figure.on_page = if of_network { !has(stage, "core_periphery") } else { false };
    let year = outcome.year.map(|year| format!(" {year}")).unwrap_or_default();
    let (name, fit) =
        if of_network { ("Q", "modularity") } else { (stage.say("silhouette", "轮廓系数"), "silhouette") };
    let fit = outcome.scalar(fit);
    let fit =
        if fit.is_finite() { format!("{}{name} = {}", stage.say(", ", "，"), short(fit)) } else { String::new() };
    let title = stage.say(format!("{english}{year}: {count}{fit}"), format!("{chinese}{year}：{count} 个{fit}"));
    let reading = if of_network {
        stage.say(
            "Cities more strongly linked among each other than with others, by the algorithm of Leiden; the legend names the most strongly linked city",
            "内部联系强于对外联系的城市群体（Leiden算法）；图例为联系最强的城市",
        )
    } else {
        stage.say(
            "Cities of similar industrial structure; the legend names the sector with the largest location quotient",
            "产业结构相似的城市；图例为区位商最高的行业",
        )
    };
    let told = (0..kinds.kinds.len()).map(|k| {
        let members: Vec<usize> = (0..kinds.of.len()).filter(|&i| kinds.of[i] == Some(k)).collect();
        format!("{}{}{}", k + 1, stage.say(": ", "："), names(stage, &members))
    });
    let summary = told.collect::<Vec<_>>().join(stage.language().semicolon());
    Some(figure.saying(title, sentences(stage, [reading.to_owned(), projection(stage)]), summary))
}

/// What a community is known by: the city in it with the strongest links, or the sector that it has most of.
fn known_by(stage: &Stage, outcome: &Outcome, k: usize) -> String {
    let known = || {
        let table = outcome.table("communities")?;
        let column = |name: &str| table.columns.iter().position(|column| *column == name);
        let (number, name) = (column("community")?, column("name").or(column("sectors"))?);
        let row = table.rows.iter().find(|row| row[number].as_u64() == Some(k as u64 + 1))?;
        let name = row[name].as_str()?.split(", ").next()?;
        (!name.is_empty()).then(|| crate::error::shortened(name).into_owned())
    };
    known().unwrap_or_else(|| stage.say("community", "社群").to_owned())
}

/// The sector in which each city's location quotient is largest.
fn sectors(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let top = outcome.texts("lq_top")?;
    let mut found: Vec<(&str, usize)> = Vec::new();
    for sector in top.iter().flatten() {
        match found.iter_mut().find(|(name, _)| name == sector) {
            Some((_, count)) => *count += 1,
            None => found.push((sector, 1)),
        }
    }
    found.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let (first, count) = *found.first()?;
    let letter = |k: usize| char::from(b'A' + k as u8).to_string();
    let kind = |(k, (name, _)): (usize, &(&str, usize))| Kind {
        text: crate::error::shortened(name).into_owned(),
        letter: letter(k),
    };
    let kinds = Kinds {
        kinds: found.iter().take(SECTORS).enumerate().map(kind).collect(),
        of: top.iter().map(|top| found.iter().position(|(name, _)| top.as_deref() == Some(*name))).collect(),
        without: stage.say("no industry", "无产业数据"),
    };
    let mut figure = Figure::new(stage, "map_leading_sectors", outcome, Place::Maps, kinds.draw(stage));
    figure.on_page = last_year(stage, outcome.year) && !has(stage, "shift_share");
    let year = outcome.year.map(|year| format!(" {year}")).unwrap_or_default();
    let first = crate::error::shortened(first);
    let title = stage.say(
        format!("Sector of the largest LQ{year}: {first} in {count} cities"),
        format!("区位商最高的行业{year}：{count} 个城市为{first}"),
    );
    let more = found.len().saturating_sub(SECTORS);
    let caption = sentences(
        stage,
        [
            stage.say("The sector in which a city is most specialised", "各城市专业化程度最高的行业").to_owned(),
            match more {
                0 => String::new(),
                more => stage.say(
                    format!("Other: {more} sectors, each of fewer cities"),
                    format!("其他：{more} 个行业，城市数较少"),
                ),
            },
        ],
    );
    let told: Vec<String> =
        found.iter().take(SECTORS).map(|(name, count)| format!("{} {count}", crate::error::shortened(name))).collect();
    Some(figure.saying(title, caption, told.join(stage.language().comma())))
}
