//! The tiers of the network: cores, which are named, semi-periphery and periphery; where methods disagree, an outline.

use super::super::{Figure, Place, Stage};
use super::classed::Classed;
use super::{MARK, only, outline, outlined_entry, projection, prominent, sentences};
use crate::measures::Outcome;
use crate::write::classes::TIERS;

/// The tiers of the network.
pub fn draw(stage: &Stage) -> Vec<Figure> {
    stage.of("core_periphery").filter_map(|outcome| figure(stage, outcome)).collect()
}

fn letter(tier: &str) -> &'static str {
    match tier {
        "core" => "C",
        "semi-periphery" => "S",
        "periphery" => "P",
        _ => "",
    }
}

fn figure(stage: &Stage, outcome: &Outcome) -> Option<Figure> {
    let tiers = outcome.classes("tier")?;
    let classed = Classed::new(tiers, &TIERS, letter)?;
    let disputed = outcome.classes("disagreement").unwrap_or_default();
    let disputed: Vec<usize> = (0..disputed.len()).filter(|&i| disputed[i] == "yes").collect();
    let mut map = classed.map(stage).names(only(prominent(stage), |i| tiers[i] == "core")).names_first();
    if !disputed.is_empty() {
        let text = stage.say("methods disagree", "各方法结果不一致");
        let cities = disputed.clone();
        let look = format!(r#"stroke="{MARK}" stroke-width="1.6" stroke-dasharray="3 1.5""#);
        map = map
            .above(move |svg| outline(svg, &cities, &look))
            .legend([outlined_entry(format!("{text} ({})", disputed.len()))]);
    }
    let figure = Figure::new(stage, "map_tiers", outcome, Place::Maps, map.draw());
    let title = stage.say("Tiers of the network: ", "网络层级：").to_owned() + &classed.counts(stage, 3);
    let n = disputed.len();
    let caption = sentences(
        stage,
        [
            stage
                .say("Natural breaks of the coreness by MINRES on the strengths of links", "按MINRES核心度自然断点分级")
                .to_owned(),
            stage.say(
                format!("Outlined: {n} cities that one of four methods at least puts into another tier"),
                format!("描边：至少一种方法划入其他层级的 {n} 个城市"),
            ),
            projection(stage),
        ],
    );
    Some(figure.saying(title, caption, classed.told(stage)))
}
