//! Theil's indices over two levels of groups as the registry gives them.

use serde_json::{Value, json};

use super::adapter::{each_variable, missing_group};
use super::theil::{share, zero_note};
use super::theil_nested::{NestedGroup, NestedParts, TheilNested, theil_nested, torn};
use crate::error::Result;
use crate::measures::adapter::{cell, finding};
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut};
use crate::note::Note;
use crate::study::{Grouping, Variable};

static ABOUT: About = About {
    name: "theil_nested",
    family: Family::Imbalance,
    needs: Needs::NestedGroups,
    title: "Theil's T and L over two levels of groups",
    question: "How much of the inequality of the cities lies between regions, how much between the provinces of a region, and how much within provinces?",
    formula: "T = sum_g s_g ln(mu_g/mu) + sum_g sum_(h in g) s_h ln(mu_h/mu_g) + sum_h s_h T_h; L = sum_g p_g ln(mu/mu_g) + sum_g sum_(h in g) p_h ln(mu_g/mu_h) + sum_h p_h L_h",
    symbols: &[
        ("g, h", "outer group, and inner group within it"),
        ("mu, mu_g, mu_h", "mean of all cities, of a group"),
        ("p_g, p_h", "share of a group in the population; each city 1/n without one"),
        ("s_g, s_h", "share of a group in the total, p_g mu_g/mu"),
        ("T_h, L_h", "T and L among the cities of inner group h"),
    ],
    reading: "The three parts add up to the index, and none is negative. The part between inner groups is what would be left within outer groups if every inner group were equal inside",
    variant: "The first two columns of --group, the wider one first; once with equal weights and, with --population, once weighted by it. A city without one of the two groups takes no part; with an inner group that has cities in several outer groups, which is named, nothing is split. Natural logarithms; zeros are kept by T and leave L null; a negative value is refused",
    reference: "Akita (2003), Annals of Regional Science 37, 55-77, doi:10.1007/s001680200107",
    fields: &[
        Field::scalar("t", "Theil's T"),
        Field::scalar("t_between_outer", "part of T between outer groups"),
        Field::scalar("t_between_inner", "part of T between the inner groups of an outer group"),
        Field::scalar("t_within", "part of T within inner groups"),
        Field::scalar("t_between_outer_share", "share of T between outer groups"),
        Field::scalar("t_between_inner_share", "share of T between the inner groups of an outer group"),
        Field::scalar("t_within_share", "share of T within inner groups"),
        Field::scalar("l", "Theil's L"),
        Field::scalar("l_between_outer", "part of L between outer groups"),
        Field::scalar("l_between_inner", "part of L between the inner groups of an outer group"),
        Field::scalar("l_within", "part of L within inner groups"),
        Field::scalar("l_between_outer_share", "share of L between outer groups"),
        Field::scalar("l_between_inner_share", "share of L between the inner groups of an outer group"),
        Field::scalar("l_within_share", "share of L within inner groups"),
        Field::scalar("n", "cities that take part"),
        Field::table("outer_groups", "for each outer group its cities, mean, shares, indices, and what it adds"),
        Field::table(
            "inner_groups",
            "for each inner group the same, with what it adds between the inner groups of its outer group",
        ),
    ],
    matches: &[(
        "dineq",
        "mld_decomp(x, z, weights) by the outer and by the inner groups: l_between_outer is the first between, l_between_inner the second less the first",
    )],
};

/// [`theil_nested()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let [outer, inner, ..] = run.groups else { return Ok(Vec::new()) };
    if let Some(torn) = torn(&outer.groups, &inner.groups) {
        return Ok(vec![not_run([outer, inner], &torn)]);
    }
    each_variable(run, &ABOUT, |variable, population, outcome| fill(run, variable, population, [outer, inner], outcome))
}

/// What the two columns are together.
fn levels([outer, inner]: [&Grouping; 2]) -> String {
    format!("{} in {}", inner.name, outer.name)
}

/// One outcome for all variables, since groups that are not nested are so in every year.
fn not_run(groupings: [&Grouping; 2], torn: &str) -> Outcome {
    let mut outcome = Outcome { measure: ABOUT.name, ..Outcome::default() };
    outcome.options.insert("group".into(), levels(groupings).into());
    let [outer, inner] = groupings.map(|grouping| &grouping.name);
    let message = format!("Theil's indices not split by {inner} within {outer}, which are not nested: {torn}");
    outcome.notes.push(Note::remark("not_run", message));
    outcome
}

fn fill(
    run: &Run,
    variable: &Variable,
    population: Option<&Variable>,
    [outer, inner]: [&Grouping; 2],
    outcome: &mut Outcome,
) -> Result<()> {
    outcome.options.insert("group".into(), levels([outer, inner]).into());
    let people = population.map(|p| p.values.as_slice());
    let result = theil_nested(&variable.values, people, &outer.groups, &inner.groups)?;
    let NestedParts { total, between_outer, between_inner, within } = result.t;
    outcome.scalars.extend([
        ("t", total),
        ("t_between_outer", between_outer),
        ("t_between_inner", between_inner),
        ("t_within", within),
        ("t_between_outer_share", share(between_outer, total)),
        ("t_between_inner_share", share(between_inner, total)),
        ("t_within_share", share(within, total)),
    ]);
    let NestedParts { total, between_outer, between_inner, within } = result.l;
    outcome.scalars.extend([
        ("l", total),
        ("l_between_outer", between_outer),
        ("l_between_inner", between_inner),
        ("l_within", within),
        ("l_between_outer_share", share(between_outer, total)),
        ("l_between_inner_share", share(between_inner, total)),
        ("l_within_share", share(within, total)),
        ("n", result.n as f64),
    ]);
    outcome.tables.extend([("outer_groups", outer_table(&result)), ("inner_groups", inner_table(&result))]);
    outcome.footer = Some(footer(&result, [outer, inner], population));
    outcome.notes.extend(missing_group(run, variable, outer));
    outcome.notes.extend(missing_group(run, variable, inner));
    outcome.notes.extend(zero_note(run, variable, &result.zeros));
    if result.t.total == 0.0 {
        let message = format!("{}: all values are equal, so that no share of T lies between groups", variable.label());
        outcome.notes.push(Note::remark("undefined_number", message));
    } else {
        outcome.notes.push(finding(sentence(variable, [outer, inner], population, &result.t)));
    }
    Ok(())
}

const NUMBERS: [&str; 10] =
    ["n", "mean", "population_share", "value_share", "t", "t_within", "t_between", "l", "l_within", "l_between"];

fn cells(g: &NestedGroup) -> impl Iterator<Item = Value> {
    let numbers =
        [g.mean, g.population_share, g.value_share, g.t, g.t_within, g.t_between, g.l, g.l_within, g.l_between];
    std::iter::once(json!(g.n)).chain(numbers.map(cell))
}

fn outer_table(result: &TheilNested) -> TableOut {
    let row = |g: &NestedGroup| std::iter::once(json!(g.name)).chain(cells(g)).collect();
    TableOut {
        columns: std::iter::once("group").chain(NUMBERS).collect(),
        rows: result.outer.iter().map(row).collect(),
    }
}

fn inner_table(result: &TheilNested) -> TableOut {
    let row = |(h, &at): (&NestedGroup, &usize)| {
        [json!(h.name), json!(result.outer[at].name)].into_iter().chain(cells(h)).collect()
    };
    TableOut {
        columns: ["group", "outer_group"].into_iter().chain(NUMBERS).collect(),
        rows: result.inner.iter().zip(&result.outer_of).map(row).collect(),
    }
}

fn footer(result: &TheilNested, [outer, inner]: [&Grouping; 2], population: Option<&Variable>) -> String {
    let weighted = population.map_or_else(|| "all cities alike".to_owned(), |p| format!("weighted by {}", p.label()));
    format!(
        "Theil's T and L, {weighted}; n = {} cities in {} groups of {} in {} of {}",
        result.n,
        result.inner.len(),
        inner.name,
        result.outer.len(),
        outer.name
    )
}

fn sentence(
    variable: &Variable,
    [outer, inner]: [&Grouping; 2],
    population: Option<&Variable>,
    t: &NestedParts,
) -> String {
    let percent = |part: f64| format!("{:.1}%", 100.0 * part / t.total);
    let by = population.map_or_else(String::new, |p| format!(" weighted by {}", p.label()));
    format!(
        "{}{by}: of Theil's T of {:.3}, {} lies between the groups of {outer}, {} between those of {inner} in the same \
         {outer}, and {} within those of {inner}",
        variable.label(),
        t.total,
        percent(t.between_outer),
        percent(t.between_inner),
        percent(t.within),
        outer = outer.name,
        inner = inner.name,
    )
}
