//! The hinterlands of the cores: which core draws each city most, and which cities a second core draws nearly as much.

use super::super::legend::{Entry, Sign};
use super::super::map::Map;
use super::super::svg::Svg;
use super::super::{Figure, Place, Stage};
use super::kinds::{Kind, Kinds};
use super::{last_year, names, outline, places, prominent, sentences};
use crate::measures::Outcome;
use crate::note::short;

/// Most cores with a colour of their own.
const MOST: usize = 12;

/// The hinterlands of every year; the page shows the last.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    stage.of("hinterland").filter_map(|outcome| figure(stage, outcome)).collect()
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let at = places(stage);
    let class = outcome.classes("contested")?;
    let core = |id: &Option<String>| id.as_deref().and_then(|id| at.get(id).copied());
    let core_of: Vec<Option<usize>> = outcome.texts("hinterland")?.iter().map(core).collect();
    let cores = by_reach(stage, &core_of);
    if cores.is_empty() {
        return None;
    }
    let kind = |(k, &core): (usize, &usize)| Kind {
        text: stage.report.cities.known_as(core),
        letter: if k < MOST { (k + 1).to_string() } else { String::new() },
    };
    let kinds = Kinds {
        kinds: cores.iter().take(MOST).enumerate().map(kind).collect(),
        of: core_of.iter().map(|core| core.and_then(|core| cores.iter().position(|other| *other == core))).collect(),
        without: stage.say("none", "无"),
    };
    let contested: Vec<usize> = (0..class.len()).filter(|&i| class[i] == "contested").collect();
    let drawing = marked(stage, kinds.map(stage), &cores, &contested).names(cores.clone()).clear_of(5.0).draw();
    let mut figure = Figure::new(stage, "map_hinterlands", outcome, Place::Maps, drawing);
    figure.on_page = last_year(stage, outcome.year);
    let year = outcome.year.map(|year| format!(" {year}")).unwrap_or_default();
    let (n, m, all) = (cores.len(), contested.len(), class.iter().filter(|class| is_drawn(class)).count());
    let title = stage.say(
        format!("Hinterlands{year}: {}, {m} of {all} other cities contested", counted(n)),
        format!("腹地{year}：{n} 个核心，其余 {all} 个城市中 {m} 个被争夺"),
    );
    let own = |core: usize| core_of.iter().enumerate().filter(|(i, of)| **of == Some(core) && *i != core).count();
    let told: Vec<String> = cores
        .iter()
        .take(6)
        .map(|&core| {
            let (name, count) = (stage.report.cities.known_as(core), own(core));
            stage.say(format!("{name} draws {count} other cities most"), format!("{name}主导 {count} 个其他城市"))
        })
        .collect();
    let hatched = stage.say(
        format!("contested: {}", if contested.is_empty() { "none".into() } else { names(stage, &contested) }),
        format!("被争夺：{}", if contested.is_empty() { "无".into() } else { names(stage, &contested) }),
    );
    let summary = told.join(stage.language().semicolon()) + stage.language().semicolon() + &hatched;
    Some(figure.saying(title, caption(stage, outcome), summary))
}

fn counted(cores: usize) -> String {
    if cores == 1 { "1 core".to_owned() } else { format!("{cores} cores") }
}

fn is_drawn(class: &str) -> bool {
    class == "contested" || class == "clear"
}

/// The cores, that with the most cities first, then the more prominent.
fn by_reach(stage: &Stage, core_of: &[Option<usize>]) -> Vec<usize> {
    let mut counts = vec![0_usize; core_of.len()];
    core_of.iter().flatten().for_each(|&core| counts[core] += 1);
    let mut cores: Vec<usize> = prominent(stage).into_iter().filter(|&i| counts[i] > 0).collect();
    cores.sort_by_key(|&core| std::cmp::Reverse(counts[core]));
    cores
}

/// The map with stripes on contested cities and rings about cores.
fn marked<'s>(stage: &'s Stage<'s>, map: Map<'s>, cores: &[usize], contested: &[usize]) -> Map<'s> {
    let text = stage.say("contested", "被争夺");
    let stripes = Entry { sign: Sign::Stripes, text: format!("{text} ({})", contested.len()) };
    let rings = Entry::ring("#57606a", stage.say("core", "核心"));
    let (cores, contested) = (cores.to_vec(), contested.to_vec());
    map.above(move |svg| {
        if !contested.is_empty() {
            svg.group(&format!(r#"fill="{STRIPES}" pointer-events="none""#), |svg| {
                contested.iter().for_each(|i| svg.shared(&format!("c{i}"), ""));
            });
        }
        outline(svg, &cores, r##"stroke="#1f2328" stroke-width="1""##);
        rings_about(stage, svg, &cores);
    })
    .legend([stripes, rings])
}

fn rings_about(stage: &Stage, svg: &mut Svg, cores: &[usize]) {
    svg.group(r##"fill="none" stroke="#1f2328" stroke-width="1.2" pointer-events="none""##, |svg| {
        for at in cores.iter().filter_map(|&core| stage.ground.city(core)) {
            svg.circle(at, 7.0, "");
        }
    });
}

/// Stripes over a fill, see [`super::super::HATCH`].
const STRIPES: &str = "url(#stripes)";

fn caption(stage: &Stage, outcome: &Outcome) -> String {
    let mass = outcome.options.get("mass").and_then(serde_json::Value::as_str).map(crate::error::shortened);
    let mass = mass.unwrap_or_else(|| stage.say("mass", "质量").into());
    let agree = outcome.scalar("agree_share");
    sentences(
        stage,
        [
            stage.say(
                format!("Each city in the colour of the core whose pull is largest, {mass} over a power of distance"),
                format!("各城市按引力最大的核心着色，引力为{mass}与距离幂之比"),
            ),
            stage.footer(outcome),
            stage
                .say(
                    "Striped: contested, a second core draws nearly as much",
                    "斜线：被争夺，即第二核心份额不低于第一核心的三分之二",
                )
                .to_owned(),
            if agree.is_finite() {
                let share = short(100.0 * agree);
                stage.say(
                    format!("The links agree with the pull for {share} % of the cities"),
                    format!("{share}% 的城市按联系与按引力划分一致"),
                )
            } else {
                String::new()
            },
        ],
    )
}
