//! Complexity and relatedness in the registry.

use serde_json::{Value, json};

use super::adapter::{by_sector, each_year, finding, fits};
use super::complexity::{Complexity, complexity, diversity, specialised_sectors, ubiquity};
use super::gaps::{at_least, cells, descending, undefined_cities, undefined_sectors};
use super::relatedness::{density, proximity};
use crate::error::{Kind, Result};
use crate::measures::{About, Family, Field, Matrix, Measure, Needs, Outcome, Run, TableOut, Values};
use crate::note::Note;
use crate::study::{Industry, Structure};

/// Most additions for densities: as many as 3,000 cities need that are specialised in 400 of 1,000 sectors.
const MOST_STEPS: f64 = 1.2e9;

/// Correlation with diversity below which it does not tell which end of the order is complex.
const TELLS: f64 = 0.3;

static ABOUT: About = About {
    name: "complexity",
    family: Family::Isomorphism,
    needs: Needs::Industry,
    title: "Economic complexity and relatedness",
    question: "Which cities have what few others have, and which sectors lie near to what a city has already?",
    formula: "ECI: second right eigenvector of D^-1 M U^-1 M'; proximity phi_kl = sum_i M_ik M_il/max(u_k, u_l); density = sum_l M_il phi_lk/sum_l phi_lk",
    symbols: &[
        ("M_ik", "1 where the location quotient of sector k in city i is 1 or more, else 0"),
        ("D, d_i", "diversity, the number of sectors that city i is specialised in"),
        ("U, u_k", "ubiquity, the number of cities that are specialised in sector k"),
    ],
    reading: "ECI is a rank in standard form: above 0 for cities whose sectors few and complex cities have. Density lies in [0, 1]: the higher, the more of what is near to a sector the city has. With few coarse sectors it tells two kinds of structure apart, and the upper end need not be the more demanding one",
    variant: "Quotients of 1 or more; second eigenvector and not reflections; population sd; the sign by which ECI rises with diversity; PCI in its own standard form, beside it on the scale of ECI (pci_harvard); density with and without the sector itself; cities and sectors without any specialisation are null",
    reference: "Hidalgo and Hausmann (2009), PNAS 106, 10570-10575, doi:10.1073/pnas.0900943106; Mealy, Farmer and Teytelboym (2019), Science Advances 5, eaau1705, doi:10.1126/sciadv.aau1705; Hidalgo, Klinger, Barabasi and Hausmann (2007), Science 317, 482-487, doi:10.1126/science.1144581",
    fields: &[
        Field::scalar("eigenvalue", "second eigenvalue: the nearer to 1, the more cities fall into two camps"),
        Field::scalar("diversity_correlation", "correlation of eci with diversity, by which its sign is chosen"),
        Field::annotated("eci", "eci", "eci", "economic complexity of the city, mean 0 and sd 1"),
        Field::column("diversity", "sectors that the city is specialised in"),
        Field::matrix("proximity", "proximity of the sectors to each other, 1 with themselves"),
        Field::matrix("density", "relatedness density of cities around sectors, the sector itself counted"),
        Field::matrix("density_no_diagonal", "the same, the sector itself not counted"),
        Field::table("sectors", "for each sector its ubiquity and complexity, the most complex first"),
    ],
    matches: &[
        ("ecomplexity", "ecomplexity(data, cols): eci, pci (pci_harvard here), density"),
        ("R economiccomplexity", "complexity_measures(method = 'eigenvalues'), which divides by the sample sd"),
    ],
};

/// [`complexity`], [`proximity`] and [`density`] in the registry.
pub(in crate::measures) static MEASURE: Measure = Measure::new(&ABOUT, run);

fn run(run: &Run) -> Result<Vec<Outcome>> {
    let variant =
        "specialised from a location quotient of 1 on; second eigenvector in standard form with the population sd";
    each_year(run, &ABOUT, variant, |industry, year, outcome| fill(run, industry, &year.structure, outcome))
}

fn fill(run: &Run, industry: &Industry, structure: &Structure, outcome: &mut Outcome) -> Result<()> {
    at_least(structure, 2)?;
    let sectors = structure.sectors();
    let specialised = specialised_sectors(structure);
    let (diverse, ubiquitous) = (diversity(&specialised, sectors), ubiquity(&specialised, sectors));
    let (result, no_order) = match complexity(&specialised, sectors) {
        Ok(result) => (result, None),
        Err(error) if error.kind() == Kind::Undefined => (nothing(structure), Some(error.to_string())),
        Err(error) => return Err(error),
    };
    match no_order {
        Some(why) => outcome.notes.push(Note::remark("undefined", why)),
        None => outcome.notes.extend(notes(run, industry, structure, &result)),
    }
    outcome.scalars.push(("eigenvalue", result.eigenvalue));
    outcome.scalars.push(("diversity_correlation", result.diversity_correlation));
    outcome.tables.push(("sectors", table(industry, &ubiquitous, &result)));
    outcome.columns.push(("eci", Values::Numbers(result.eci)));
    let count = |i: usize| structure.has(i).then_some(diverse[i] as i64);
    outcome.columns.push(("diversity", Values::Counts((0..diverse.len()).map(count).collect())));
    fill_relatedness(run, industry, &specialised, outcome);
    Ok(())
}

fn nothing(structure: &Structure) -> Complexity {
    let (of_cities, of_sectors) = (vec![f64::NAN; structure.cities()], vec![f64::NAN; structure.sectors()]);
    let (pci, pci_harvard) = (of_sectors.clone(), of_sectors);
    Complexity { eci: of_cities, pci, pci_harvard, eigenvalue: f64::NAN, diversity_correlation: f64::NAN }
}

fn notes(run: &Run, industry: &Industry, structure: &Structure, result: &Complexity) -> Vec<Note> {
    let why = "the city is specialised in no sector";
    let mut notes: Vec<Note> = undefined_cities(run, structure, "eci", why, &result.eci).into_iter().collect();
    let none: Vec<usize> = (0..result.pci.len()).filter(|&k| result.pci[k].is_nan()).collect();
    notes.extend(undefined_sectors(
        industry,
        "complexity and relatedness are",
        "no city is specialised in them",
        &none,
    ));
    if !result.sign_known() {
        let message = "diversity does not say which end of the order is complex: the sign of eci and pci is arbitrary";
        notes.push(Note::remark("sign", message));
    }
    notes.extend(two_ends(run, industry, result));
    notes
}

/// Between which cities and sectors the order runs; that is all that it says with few coarse sectors.
fn two_ends(run: &Run, industry: &Industry, result: &Complexity) -> Option<Note> {
    let ends = |x: &[f64]| {
        let order: Vec<usize> = descending(x).into_iter().filter(|&at| x[at].is_finite()).collect();
        Some((*order.first()?, *order.last()?))
    };
    let ((first, last), (up, down)) = (ends(&result.eci)?, ends(&result.pci)?);
    let r = result.diversity_correlation;
    let sign = if r.abs() < TELLS {
        format!("its sign is not determined (correlation with diversity {r:.2}, below {TELLS})")
    } else {
        format!(
            "its sign follows diversity (correlation {r:.2}), which with few coarse sectors need not be the more demanding end"
        )
    };
    Some(finding(format!(
        "the order of complexity runs from {} (eci {:.2}) to {} ({:.2}), and from {} to {}; {}",
        run.cities.known_as(first),
        result.eci[first],
        run.cities.known_as(last),
        result.eci[last],
        industry.sectors[up],
        industry.sectors[down],
        sign
    )))
}

fn fill_relatedness(run: &Run, industry: &Industry, specialised: &[bool], outcome: &mut Outcome) {
    let sectors = industry.sectors.len();
    let ones = specialised.iter().filter(|&&has| has).count();
    if (ones * sectors) as f64 > MOST_STEPS {
        let message =
            format!("proximity and density are not computed: {sectors} sectors are too many for so many cities");
        outcome.notes.push(Note::remark("not_run", message));
        return;
    }
    let near = proximity(specialised, sectors);
    let with = density(specialised, &near, sectors, true);
    let without = density(specialised, &near, sectors, false);
    let alone: Vec<usize> = (0..sectors).filter(|&k| with[k].is_finite() && without[k].is_nan()).collect();
    let why = "no city that is specialised in them has another sector";
    outcome.notes.extend(undefined_sectors(industry, "density without the sector itself is", why, &alone));
    let names = industry.sectors.clone();
    if fits("the matrix proximity", sectors, sectors, outcome) {
        outcome.matrices.push(("proximity", Matrix { rows: names.clone(), columns: names, values: near }));
    }
    if fits("each matrix of density", run.cities.len(), sectors, outcome) {
        outcome.matrices.push(("density", by_sector(run, industry, with)));
        outcome.matrices.push(("density_no_diagonal", by_sector(run, industry, without)));
    }
}

fn table(industry: &Industry, ubiquity: &[usize], result: &Complexity) -> TableOut {
    let row = |k: usize| -> Vec<Value> {
        let first = [json!(industry.sectors[k]), json!(ubiquity[k])];
        first.into_iter().chain(cells([result.pci[k], result.pci_harvard[k]])).collect()
    };
    TableOut {
        columns: vec!["sector", "ubiquity", "pci", "pci_harvard"],
        rows: descending(&result.pci).into_iter().map(row).collect(),
    }
}
