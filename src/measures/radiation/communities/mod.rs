//! Communities: groups of cities that are linked more among each other than their strengths would have it.

mod leiden;
mod level;
mod report;

use rayon::prelude::*;

use super::network::Network;
use crate::error::{Fault, Kind, Result};
use crate::inference::Stream;
use crate::study::{LinkDirection, Linkage};
use leiden::leiden;
use level::Level;
pub(in crate::measures) use report::MEASURE;

/// Runs of the algorithm on small networks, and on those of usual size.
const RESTARTS: [usize; 2] = [100, 20];
/// Cities and links of small networks, and those of usual size; above it fewer runs, as many as take about the same time.
const SIZES: [usize; 2] = [10_000, 150_000];
/// Part of the modularity by which two runs are the same but for rounding.
const SAME: f64 = 1e-9;

/// Communities of cities, and how sure they are; see [`communities()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Communities {
    /// The community of every city, from 1, the one of most cities first, of equals that of the earliest city; `None`
    /// without links.
    pub community: Vec<Option<usize>>,
    /// Number of communities.
    pub count: usize,
    /// Modularity of links without direction.
    pub modularity: f64,
    /// Modularity of links with their direction; the same where they have none.
    pub modularity_directed: f64,
    /// Runs of the algorithm, of which the best is kept.
    pub restarts: usize,
    /// Runs that came as far as the best.
    pub reached: usize,
    /// Mean adjusted Rand index of the other runs with the best, 1 where all agree; NaN after one run.
    pub agreement: f64,
}

/// Communities by the algorithm of Leiden, the best of several runs.
///
/// # Formula
///
/// The partition that maximises [`modularity`] with resolution γ: of links without direction, or with `directed` that of
/// links with direction. Each run moves cities one by one to the community where they gain most, refines communities
/// into groups that hold together, and goes on with these groups as cities, until nothing moves. Even runs begin with
/// cities that stand alone, odd ones with cities thrown together at random, which finds what the others miss in small
/// networks. There are 100 runs up to 10,000 cities and links, 20 at least up to 150,000, and fewer above, in inverse
/// proportion, all of them from cities that stand alone, but one run at least. Run r draws from the stream (`seed`,
/// `leiden`, r); of equal runs the first is kept. The same bits come from any number of threads.
///
/// No algorithm finds the maximum for certain: `reached` and `agreement` say how often and how closely the runs agree.
///
/// # Errors
///
/// [`Kind::Option`] where the resolution is negative or not finite; [`Kind::Undefined`] without links.
///
/// # Complexity
///
/// O(m) a step, some ten steps a run.
///
/// # Source
///
/// Traag, V. A., Waltman, L. and van Eck, N. J. (2019). From Louvain to Leiden: guaranteeing well-connected communities.
/// Scientific Reports 9, 5233.
///
/// ```
/// use agglo::measures::radiation::communities;
/// use agglo::study::{LinkMeaning, Linkage};
/// // Two triangles with a thin link between them, and a city that nobody is linked with.
/// let arcs = vec![(0, 1, 5.0), (1, 2, 5.0), (2, 0, 5.0), (3, 4, 5.0), (4, 5, 5.0), (5, 3, 5.0), (2, 3, 1.0)];
/// let links = Linkage::from_arcs(7, arcs, LinkMeaning::Strength)?.undirected();
/// let result = communities(&links, 1.0, false, 42)?;
/// assert_eq!(result.community, [Some(1), Some(1), Some(1), Some(2), Some(2), Some(2), None]);
/// assert_eq!((result.reached, result.agreement), (100, 1.0));
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn communities(links: &Linkage, resolution: f64, directed: bool, seed: u64) -> Result<Communities> {
    if !(resolution.is_finite() && resolution >= 0.0) {
        let fault = Fault::new(Kind::Option, format!("{resolution} is no resolution of communities"));
        return Err(fault.hint("give a number that is zero or more; 1 is usual").into());
    }
    let undirected = Network::undirected(links);
    if undirected.links() == 0 {
        let message = "no link is left between the cities that take part, so that there are no communities";
        return Err(Fault::new(Kind::Undefined, message).into());
    }
    let level = Level::of_cities(links, &undirected, directed, resolution);
    let linked = (0..links.n()).filter(|&i| undirected.degree(i) > 0).count();
    let size = linked + undirected.links() / 2;
    let restarts = restarts(size);
    let without_direction = |community: &[Option<usize>]| quality(undirected.arcs(), community, resolution);
    let found: Vec<(Vec<Option<usize>>, f64)> = (0..restarts)
        .into_par_iter()
        .map(|run| {
            let labels = leiden(&level, run % 2 == 1 && size <= SIZES[1], &mut Stream::new(seed, "leiden", run as u64));
            let community = by_size(&connected(&labels, &undirected), &undirected);
            let quality = match directed {
                true => modularity(links, &community, resolution, true),
                false => without_direction(&community),
            };
            (community, quality)
        })
        .collect();
    let mut best = 0;
    for (run, (_, quality)) in found.iter().enumerate() {
        if *quality > found[best].1 + SAME {
            best = run;
        }
    }
    let (community, quality) = &found[best];
    let others = found.iter().enumerate().filter(|&(run, _)| run != best);
    let agreement = others.map(|(_, (other, _))| adjusted_rand(community, other)).sum::<f64>() / (restarts - 1) as f64;
    Ok(Communities {
        count: community.iter().flatten().max().copied().unwrap_or(0),
        modularity: without_direction(community),
        modularity_directed: modularity(links, community, resolution, true),
        restarts,
        reached: found.iter().filter(|(_, other)| (other - quality).abs() <= SAME).count(),
        agreement,
        community: community.clone(),
    })
}

/// Modularity of a partition, below 1.
///
/// # Formula
///
/// Q = Σ_c (L_c/2m − γ (K_c/2m)²)
///
/// where L_c is the strength of the links within community c, each counted from both ends, K_c the sum of the strengths of
/// its cities, 2m = Σ K_c, and γ the resolution, all on S. With `directed`, where links have a direction,
/// Q = Σ_c (W_c/m − γ O_c I_c/m²) with W_c the strength within, O_c and I_c those that leave and reach its cities, and m
/// the strength of all links. A city of `None` stands alone. O(n + m).
///
/// # Panics
///
/// If there is not one community for each city.
///
/// # Source
///
/// Newman, M. E. J. and Girvan, M. (2004). Physical Review E 69, 026113; Reichardt, J. and Bornholdt, S. (2006). Physical
/// Review E 74, 016110, for γ; Leicht, E. A. and Newman, M. E. J. (2008). Physical Review Letters 100, 118703, for links
/// with direction.
///
/// ```
/// use agglo::measures::radiation::modularity;
/// use agglo::study::{LinkMeaning, Linkage};
/// let links = Linkage::from_arcs(4, vec![(0, 1, 1.0), (2, 3, 1.0)], LinkMeaning::Strength)?.undirected();
/// assert_eq!(modularity(&links, &[Some(1), Some(1), Some(2), Some(2)], 1.0, false), 0.5);
/// # Ok::<(), agglo::Error>(())
/// ```
pub fn modularity(links: &Linkage, community: &[Option<usize>], resolution: f64, directed: bool) -> f64 {
    assert_eq!(community.len(), links.n(), "one community for each city");
    if directed || links.direction() == LinkDirection::Undirected {
        let strength = |(i, j, weight)| (i, j, links.meaning().strength(weight));
        quality(links.arcs().map(strength), community, resolution)
    } else {
        quality(Network::undirected(links).arcs(), community, resolution)
    }
}

/// Modularity by the arcs of a network; links without direction are two arcs.
fn quality(arcs: impl Iterator<Item = (usize, usize, f64)>, community: &[Option<usize>], resolution: f64) -> f64 {
    let count = community.iter().flatten().max().map_or(0, |most| most + 1);
    // Cities without a community stand alone, behind the communities.
    let place = |city: usize| community[city].unwrap_or(count + city);
    let mut sums = vec![[0.0; 3]; count + community.len()];
    let mut total = 0.0;
    for (i, j, strength) in arcs {
        let (a, b) = (place(i), place(j));
        total += strength;
        sums[a][0] += strength;
        sums[b][1] += strength;
        if a == b {
            sums[a][2] += strength;
        }
    }
    sums.iter().map(|[out, into, inside]| inside / total - resolution * (out / total) * (into / total)).sum()
}

/// Runs of a network of so many cities and links.
fn restarts(size: usize) -> usize {
    if size <= SIZES[1] {
        // Between small and usual as many as take the time that the largest of the small ones do.
        (RESTARTS[0] * SIZES[0] / size).clamp(RESTARTS[1], RESTARTS[0])
    } else {
        (RESTARTS[1] * SIZES[1] / size).max(1)
    }
}

/// The connected parts of communities, as communities of their own.
///
/// Modularity does not fall by it; it stays where no link is expected between them, as between cities that only send.
fn connected(labels: &[u32], undirected: &Network) -> Vec<u32> {
    let mut parts = vec![u32::MAX; labels.len()];
    let mut stack = Vec::new();
    for first in 0..labels.len() {
        if parts[first] != u32::MAX {
            continue;
        }
        parts[first] = first as u32;
        stack.push(first);
        while let Some(city) = stack.pop() {
            for (other, _) in undirected.ties(city) {
                if parts[other] == u32::MAX && labels[other] == labels[city] {
                    parts[other] = first as u32;
                    stack.push(other);
                }
            }
        }
    }
    parts
}

/// Labels from 1 by the number of cities, then by the earliest; `None` without links.
fn by_size(labels: &[u32], undirected: &Network) -> Vec<Option<usize>> {
    let count = labels.iter().max().map_or(0, |&most| most as usize + 1);
    let (mut sizes, mut first) = (vec![0_usize; count], vec![usize::MAX; count]);
    let linked = |i: usize| undirected.degree(i) > 0;
    for (i, &label) in labels.iter().enumerate().filter(|&(i, _)| linked(i)) {
        sizes[label as usize] += 1;
        first[label as usize] = first[label as usize].min(i);
    }
    let mut order: Vec<usize> = (0..count).filter(|&c| sizes[c] > 0).collect();
    order.sort_by_key(|&c| (std::cmp::Reverse(sizes[c]), first[c]));
    let mut number = vec![0; count];
    order.iter().enumerate().for_each(|(place, &c)| number[c] = place + 1);
    labels.iter().enumerate().map(|(i, &label)| linked(i).then(|| number[label as usize])).collect()
}

/// The adjusted Rand index of two partitions of the same cities (Hubert and Arabie 1985); 1 where they are the same.
fn adjusted_rand(a: &[Option<usize>], b: &[Option<usize>]) -> f64 {
    let mut both: Vec<(usize, usize)> = a.iter().zip(b).filter_map(|(a, b)| (*a).zip(*b)).collect();
    both.sort_unstable();
    let pairs =
        |counts: &mut dyn Iterator<Item = usize>| counts.map(|c| c as f64 * (c as f64 - 1.0) / 2.0).sum::<f64>();
    let sizes = |of: fn(&(usize, usize)) -> usize| {
        let mut sizes = vec![0; both.iter().map(of).max().map_or(0, |most| most + 1)];
        both.iter().for_each(|pair| sizes[of(pair)] += 1);
        pairs(&mut sizes.into_iter())
    };
    let together = pairs(&mut both.chunk_by(|p, q| p == q).map(<[_]>::len));
    let (of_a, of_b, all) = (sizes(|pair| pair.0), sizes(|pair| pair.1), pairs(&mut std::iter::once(both.len())));
    let expected = of_a * of_b / all;
    let most = (of_a + of_b) / 2.0;
    // Where all cities are together, or each alone, in both.
    if all == 0.0 || most == expected { 1.0 } else { (together - expected) / (most - expected) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_agree_as_in_the_example_of_scikit_learn() {
        // adjusted_rand_score([0, 0, 1, 2], [0, 0, 1, 1]) of its documentation.
        let of = |labels: [usize; 4]| labels.map(Some);
        assert!((adjusted_rand(&of([0, 0, 1, 2]), &of([0, 0, 1, 1])) - 4.0 / 7.0).abs() < 1e-15);
        assert_eq!(adjusted_rand(&of([1, 1, 2, 3]), &of([2, 2, 3, 1])), 1.0);
        assert_eq!(adjusted_rand(&of([1; 4]), &of([1; 4])), 1.0);
    }
}
