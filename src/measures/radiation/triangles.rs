//! Triangles of linked cities.

use rayon::prelude::*;

use super::network::Network;

/// Most steps in which triangles are looked for.
const MOST_STEPS: f64 = 1e10;
/// Cities of a block that is searched by one thread.
const BLOCK: usize = 256;

/// The number of triangles of every city; `None` where counting takes more than 10¹⁰ steps.
///
/// Each triangle is found once, from its city of fewest links: O(m^1.5).
pub(super) fn triangles(network: &Network) -> Option<Vec<u64>> {
    let n = network.n();
    let rank = |i: usize| (network.degree(i), i);
    let upward: Vec<Vec<u32>> = (0..n)
        .map(|i| network.ties(i).map(|(j, _)| j).filter(|&j| rank(j) > rank(i)).map(|j| j as u32).collect())
        .collect();
    let steps: f64 = upward.iter().flatten().map(|&j| upward[j as usize].len() as f64).sum();
    if steps > MOST_STEPS {
        return None;
    }
    let of_block = |block: usize| {
        let (mut counts, mut marked) = (vec![0_u64; n], vec![false; n]);
        for i in block * BLOCK..n.min((block + 1) * BLOCK) {
            upward[i].iter().for_each(|&j| marked[j as usize] = true);
            for &j in &upward[i] {
                for &h in upward[j as usize].iter().filter(|&&h| marked[h as usize]) {
                    [i, j as usize, h as usize].into_iter().for_each(|city| counts[city] += 1);
                }
            }
            upward[i].iter().for_each(|&j| marked[j as usize] = false);
        }
        counts
    };
    let added = |mut a: Vec<u64>, b: Vec<u64>| {
        a.iter_mut().zip(&b).for_each(|(a, b)| *a += b);
        a
    };
    // Whole numbers, so that the order of adding does not matter.
    Some((0..n.div_ceil(BLOCK)).into_par_iter().map(of_block).reduce(|| vec![0; n], added))
}
