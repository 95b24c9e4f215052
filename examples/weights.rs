//! Who is whose neighbour? Build weights, describe them, transform them, write them for other programs.

use agglo::Result;
use agglo::read::geojson::Document;
use agglo::read::{Ground, Identity, cities};
use agglo::weights::{Sources, Spec, Transform, build};
use agglo::write::write_gal;

fn main() -> Result<()> {
    let bytes = include_bytes!("../data/mexico/states.geojson").to_vec();
    let document = Document::parse(bytes, "states.geojson")?;
    let cities = cities(&document, &Identity::default(), &Ground::default())?;
    let sources = Sources {
        cities: &cities,
        snap: None,
        max_dense: 5000,
        links: None,
        block: &|_| Ok(Vec::new()),
        file: &|_| unreachable!("these weights need no file"),
    };

    // States that share a border, and for each its nearest state in any case.
    let built = build(&"queen + knn:1".parse::<Spec>()?, &sources)?;
    for note in &built.notes {
        println!("note: {}", note.message);
    }
    let weights = built.weights;
    println!("{}: {} links, {:.2} neighbours a state", weights.label(), weights.links(), weights.mean_neighbours());
    println!("symmetric: {}, isolates: {:?}", weights.is_symmetric(), weights.isolates());

    // A transform gives new weights; the old ones stay as they are.
    let row = weights.transformed(Transform::Row);
    println!("first row sums to {} before and {} after", weights.row_sum(0), row.row_sum(0));

    let text = write_gal(&weights, &cities.ids, "states", "state_code")?;
    println!("a GAL file of {} lines, beginning with {:?}", text.lines().count(), text.lines().next());
    Ok(())
}
