//! The strongest pairs of cities, and tables of pairs.

use rayon::prelude::*;
use serde_json::Value;

use crate::measures::Run;
use crate::measures::adapter::who;

/// Pairs that a table of the strongest lists.
pub(super) const LISTED: usize = 50;

/// Two cities and what is between them.
pub(super) type Pair = (usize, usize, f64);

/// The pairs with the largest values above zero among those that `of_row` gives for each of n cities; the earlier of
/// equals. Rows in parallel, each with n numbers of working memory.
pub(super) fn strongest(n: usize, count: usize, of_row: impl Fn(usize, &mut [f64]) + Sync) -> Vec<Pair> {
    let best_of = |row: &mut Vec<f64>, i: usize| {
        row.fill(0.0);
        of_row(i, row);
        let pairs = row.iter().enumerate().filter(|(_, x)| **x > 0.0 && x.is_finite()).map(|(j, &x)| (i, j, x));
        foremost(pairs.collect(), count)
    };
    let rows: Vec<Vec<Pair>> = (0..n).into_par_iter().map_init(|| vec![0.0; n], best_of).collect();
    foremost(rows.concat(), count)
}

/// The `count` pairs with the largest values, the largest first, the earlier of equals.
fn foremost(mut pairs: Vec<Pair>, count: usize) -> Vec<Pair> {
    let order = |a: &Pair, b: &Pair| b.2.total_cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1)));
    if pairs.len() > count {
        pairs.select_nth_unstable_by(count, order);
        pairs.truncate(count);
    }
    pairs.sort_unstable_by(order);
    pairs
}

/// Id and name of two cities, and what follows.
pub(super) fn pair_row(run: &Run, i: usize, j: usize, cells: impl IntoIterator<Item = Value>) -> Vec<Value> {
    who(run, i).into_iter().chain(who(run, j)).chain(cells).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_come_first_and_of_equals_the_earlier() {
        let values = [[0.0, 2.0, 5.0], [2.0, f64::NAN, 0.0], [-1.0, 5.0, 0.0]];
        let got = strongest(3, 3, |i, row| row.copy_from_slice(&values[i]));
        assert_eq!(got, [(0, 2, 5.0), (2, 1, 5.0), (0, 1, 2.0)]);
        assert!(strongest(0, 3, |_, _| ()).is_empty());
    }
}
