//! Communities in the registry.

use serde_json::json;

use super::{Communities, communities};
use crate::error::Result;
use crate::measures::adapter::{cell, finding, printed, who};
use crate::measures::radiation::adapter::{cities_without_links, on_network};
use crate::measures::radiation::network::Network;
use crate::measures::{About, Family, Field, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::{Note, listed_by};
use crate::study::Linkage;

/// How far other runs have to agree with the best, beyond chance, for communities to be called stable.
const STABLE: f64 = 0.9;
/// Modularity from which a network is said to fall into communities (Newman and Girvan 2004 see 0.3 to 0.7 in practice).
const APART: f64 = 0.3;

static ABOUT: About = About {
    name: "communities",
    family: Family::Radiation,
    needs: Needs::Network,
    title: "Communities",
    question: "Which cities form groups that are linked more with each other than with the rest?",
    formula: "Q = sum_c (L_c/2m - gamma (K_c/2m)^2), made as large as can be; directed: sum_c (W_c/m - gamma O_c I_c/m^2)",
    symbols: &[
        ("L_c", "strength of the links within community c, from both ends, without direction"),
        ("K_c", "sum of the strengths of its cities"),
        ("2m", "sum of the strengths of all cities"),
        ("gamma", "resolution, 1 unless --resolution"),
        ("W_c, O_c, I_c", "strength of directed links within, from and to its cities"),
    ],
    reading: "Q is 0 where links are as the strengths alone would have them, or where all cities are one community; 0.3 and more is a network that falls into communities. Communities are groups of what is linked, not of what is near. An agreement near 1 says that another run would give the same groups",
    variant: "Algorithm of Leiden on links without direction, from single cities, in every second run from communities drawn at random, until nothing moves; the best of 100 runs up to 10,000 cities and links, of 20 up to 150,000, fewer above, of equals the first. Labels by number of cities, then by the earliest city. A city without links has none",
    reference: "Traag, Waltman and van Eck (2019), Scientific Reports 9, 5233; Newman and Girvan (2004), Physical Review E 69, 026113; Reichardt and Bornholdt (2006), Physical Review E 74, 016110; Leicht and Newman (2008), Physical Review Letters 100, 118703; Hubert and Arabie (1985), Journal of Classification 2, 193-218",
    fields: &[
        Field::annotated("community", "community", "community", "community, the largest is 1"),
        Field::scalar("modularity", "modularity Q of the communities, links without direction"),
        Field::scalar("modularity_directed", "their modularity with the direction of the links"),
        Field::scalar("communities", "number of communities"),
        Field::scalar("restarts", "runs of the algorithm, of which the best is kept"),
        Field::scalar("reached", "runs that came as far as the best"),
        Field::scalar("agreement", "mean adjusted Rand index of the other runs with the best; 1: all the same"),
        Field::table("communities", "size, links within and strongest cities of each community"),
    ],
    matches: &[(
        "leidenalg",
        "the best over seeds of find_partition(G, RBConfigurationVertexPartition, weights='weight', resolution_parameter=gamma, n_iterations=-1) on S; its quality over 2m is Q where gamma = 1 (ModularityVertexPartition)",
    )],
};

/// [`communities()`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    on_network(run, &ABOUT, fill)
}

fn fill(run: &Run, links: &Linkage, outcome: &mut Outcome) -> Result<()> {
    let resolution = run.reach.resolution;
    let result = communities(links, resolution, false, run.inference.seed)?;
    if resolution != 1.0 {
        outcome.options.insert("resolution".into(), resolution.into());
    }
    outcome.scalars.extend([
        ("modularity", result.modularity),
        ("modularity_directed", result.modularity_directed),
        ("communities", result.count as f64),
        ("restarts", result.restarts as f64),
        ("reached", result.reached as f64),
        ("agreement", result.agreement),
    ]);
    let labels = result.community.iter().map(|label| label.map(|label| label as i64)).collect();
    outcome.columns.push(("community", Values::Counts(labels)));
    let groups = Groups::new(&result, links);
    outcome.tables.push(("communities", groups.table(run)));
    outcome.footer = Some(format!(
        "algorithm of Leiden on links without direction, resolution {resolution}, best of {} runs with seed {}; n = {} linked cities",
        result.restarts,
        run.inference.seed,
        result.community.iter().flatten().count()
    ));
    outcome.notes.extend(notes(run, &result));
    outcome.notes.extend(sentences(run, &result, &groups).into_iter().map(finding));
    Ok(())
}

/// The communities with the strength of their links.
struct Groups {
    /// Members, the strongest first.
    members: Vec<Vec<usize>>,
    inside: Vec<f64>,
    strength: Vec<f64>,
}

impl Groups {
    fn new(result: &Communities, links: &Linkage) -> Self {
        let network = Network::undirected(links);
        let sums = network.sums();
        let mut groups = Self {
            members: vec![Vec::new(); result.count],
            inside: vec![0.0; result.count],
            strength: vec![0.0; result.count],
        };
        for (i, label) in result.community.iter().enumerate() {
            let &Some(label) = label else { continue };
            groups.members[label - 1].push(i);
            groups.strength[label - 1] += sums[i];
            let within =
                network.ties(i).filter(|&(j, _)| result.community[j] == Some(label)).map(|(_, s)| s).sum::<f64>();
            groups.inside[label - 1] += within;
        }
        groups.members.iter_mut().for_each(|cities| cities.sort_by(|&a, &b| sums[b].total_cmp(&sums[a])));
        groups
    }

    /// Share of the strength of its cities that lies in links among them.
    fn share(&self, group: usize) -> f64 {
        self.inside[group] / self.strength[group]
    }

    fn table(&self, run: &Run) -> TableOut {
        let row = |group: usize| {
            let cities = &self.members[group];
            let of_links = [cell(self.inside[group] / 2.0), cell(self.share(group))];
            let strongest = listed_by(cities, |&i| run.cities.names[i].clone());
            let [id, name] = who(run, cities[0]);
            [json!(group + 1), json!(cities.len())]
                .into_iter()
                .chain(of_links)
                .chain([id, name, json!(strongest)])
                .collect()
        };
        TableOut {
            columns: vec!["community", "cities", "strength_inside", "share_inside", "city", "name", "members"],
            rows: (0..self.members.len()).map(row).collect(),
        }
    }
}

fn notes(run: &Run, result: &Communities) -> Vec<Note> {
    let mut notes = Vec::new();
    let without: Vec<usize> = (0..run.cities.len()).filter(|&i| result.community[i].is_none()).collect();
    if !without.is_empty() {
        let message = format!("no community of {}", cities_without_links(without.len()));
        notes.push(Note::remark("undefined_number", message).about(without.iter().map(|&i| &run.cities.ids[i])));
    }
    if result.restarts == 1 {
        let message =
            "the network is so large that communities were searched once, so that there is no agreement of runs";
        notes.push(Note::remark("undefined_number", message));
    }
    notes
}

fn sentences(run: &Run, result: &Communities, groups: &Groups) -> Vec<String> {
    let (count, quality) = (result.count, printed(result.modularity, 3));
    if count == 1 {
        return vec![
            "the links give no reason to divide the cities into communities (one community, modularity 0)".to_owned(),
        ];
    }
    // Thresholds are for modularity itself, which another resolution does not measure.
    let (word, rule) = match (run.reach.resolution == 1.0, result.modularity >= APART) {
        (true, true) => ("falls", format!(" ({APART} and more counts as falling apart)")),
        (true, false) => ("hardly falls", format!(" ({APART} and more counts as falling apart)")),
        (false, _) => ("is divided", format!(" at resolution {}", run.reach.resolution)),
    };
    let named = |group: &usize| {
        let cities = &groups.members[*group];
        format!(
            "{} cities around {} ({} of their links stay among them)",
            cities.len(),
            run.cities.known_as(cities[0]),
            printed(groups.share(*group), 2)
        )
    };
    let largest: Vec<usize> = (0..count.min(3)).collect();
    let mut sentences = vec![format!(
        "the network {word} into communities: {count} with modularity {quality}{rule}, the largest {}",
        listed_by(&largest, named)
    )];
    if result.restarts > 1 {
        let stable =
            if result.agreement >= STABLE { "are stable" } else { "are not stable, other groups fit nearly as well" };
        sentences.push(format!(
            "the communities {stable} ({} of {} runs found the best, mean adjusted Rand index with it {}, {STABLE} and more counts as stable)",
            result.reached,
            result.restarts,
            printed(result.agreement, 2)
        ));
    }
    sentences
}
