//! How many links cities lie apart.

use rayon::prelude::*;

use super::network::Network;

/// The ordered pairs of cities at each number of steps, from one step on; pairs that are not connected are in none.
pub(super) fn pairs_by_steps(network: &Network) -> Vec<u64> {
    let n = network.n();
    let from = |(counts, seen, queue): &mut (Vec<u64>, Vec<bool>, Vec<u32>), city: usize| {
        seen.fill(false);
        queue.clear();
        queue.push(city as u32);
        seen[city] = true;
        let (mut begin, mut steps) = (0, 0);
        while begin < queue.len() {
            let end = queue.len();
            for at in begin..end {
                if queue.len() == n {
                    break;
                }
                for (other, _) in network.ties(queue[at] as usize) {
                    if !std::mem::replace(&mut seen[other], true) {
                        queue.push(other as u32);
                    }
                }
            }
            if queue.len() > end {
                if counts.len() == steps {
                    counts.push(0);
                }
                counts[steps] += (queue.len() - end) as u64;
            }
            (begin, steps) = (end, steps + 1);
        }
    };
    let fresh = || (Vec::new(), vec![false; n], Vec::with_capacity(n));
    let of_cities = |mut memory: (Vec<u64>, Vec<bool>, Vec<u32>), city| {
        from(&mut memory, city);
        memory
    };
    let added = |a: Vec<u64>, b: Vec<u64>| {
        let (mut longer, shorter) = if a.len() < b.len() { (b, a) } else { (a, b) };
        longer.iter_mut().zip(&shorter).for_each(|(sum, part)| *sum += part);
        longer
    };
    // Whole numbers, so that the order of adding does not matter.
    (0..n).into_par_iter().with_min_len(16).fold(fresh, of_cities).map(|memory| memory.0).reduce(Vec::new, added)
}
