//! Centralities of complete networks, and of sparse ones with ten times as many links as cities, half of them within planted
//! communities of 100 cities; communities of the largest, where shortest paths are left out.

use std::time::Instant;

use agglo::measures::radiation::{centrality, communities};
use agglo::study::{LinkMeaning, Linkage};

fn main() -> agglo::Result<()> {
    for cities in [300, 1_000] {
        let links = complete(cities)?;
        let took = seconds(|| centrality(&links).map(drop))?;
        println!("{:<44}{took:>9.3} s", format!("centralities, complete, {cities} cities"));
    }
    let links = sparse(10_000, 100_000)?;
    println!("{:<44}{:>9.3} s", "centralities, 10,000 cities, sparse", seconds(|| centrality(&links).map(drop))?);
    let links = sparse(100_000, 1_000_000)?;
    println!("{:<44}{:>9.3} s", "centralities, 100,000 cities, sparse", seconds(|| centrality(&links).map(drop))?);
    let mut result = None;
    let took = seconds(|| {
        result = Some(communities(&links, 1.0, false, 42)?);
        Ok(())
    })?;
    println!("{:<44}{took:>9.3} s", "communities, the same");
    if let Some(result) = result {
        println!("modularity {} with {} communities in {} runs", result.modularity, result.count, result.restarts);
    }
    Ok(())
}

fn seconds(mut run: impl FnMut() -> agglo::Result<()>) -> agglo::Result<f64> {
    let start = Instant::now();
    run()?;
    Ok(start.elapsed().as_secs_f64())
}

/// A number in [0, 1) of a fixed kind (the finaliser of SplitMix64).
fn noise(key: u64) -> f64 {
    let z = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Every city linked with every other, in both directions.
fn complete(n: u32) -> agglo::Result<Linkage> {
    let weight = |i: u32, j: u32| 1.0 + 1e4 * noise(u64::from(i) << 32 | u64::from(j)).powi(4);
    let arcs = (0..n).flat_map(|i| (0..n).filter(move |&j| j != i).map(move |j| (i, j, weight(i, j)))).collect();
    Linkage::from_arcs(n as usize, arcs, LinkMeaning::Strength)
}

/// Links without direction between cities drawn at random: one half within communities, one between any two.
fn sparse(n: u32, links: u32) -> agglo::Result<Linkage> {
    const COMMUNITY: u32 = 100;
    let draw = |key: u64, bound: u32| (noise(key) * f64::from(bound)) as u32;
    let arc = |link: u32| {
        let key = 4 * u64::from(link);
        let origin = draw(key, n);
        let destination = match link % 2 {
            0 => origin / COMMUNITY * COMMUNITY + draw(key + 1, COMMUNITY),
            _ => draw(key + 1, n),
        };
        (origin, destination, 1.0 + f64::from(draw(key + 2, 9)))
    };
    Ok(Linkage::from_arcs(n as usize, (0..links).map(arc).collect(), LinkMeaning::Strength)?.undirected())
}
