//! The areas in which each core is ahead of all others, drawn on a grid: multiplicatively weighted Voronoi polygons.

use super::dissolve::Parts;
use super::grid::{FieldOnGrid, Grid};

/// The area of each core in which it draws most, with the place of the core in the list of cores, or the reason why there is
/// none. Areas without extent on the grid are left out.
///
/// Between two nodes with different cores ahead, the border lies where the two are level, interpolated linearly. Three borders
/// that meet within a triangle do so at the mean of where they enter it. Areas fit each other exactly and cover the grid.
pub(super) fn dominance(field: Result<FieldOnGrid, String>) -> Result<Vec<(usize, Parts)>, String> {
    let field = field?;
    let mut areas: Vec<Parts> = vec![Vec::new(); field.cores.len()];
    for grid in &field.grids {
        let ahead = field.foremost(grid);
        let mut pieces: Vec<Vec<Vec<[f64; 2]>>> = vec![Vec::new(); field.cores.len()];
        for nodes in grid.triangles() {
            divide(&field, grid, &ahead, nodes, &mut pieces);
        }
        for (area, pieces) in areas.iter_mut().zip(pieces) {
            area.extend(field.union(&pieces).ok_or("the areas do not close")?);
        }
    }
    let drawn = field.cores.iter().copied().zip(areas);
    Ok(drawn.filter(|(_, parts)| !parts.is_empty()).collect())
}

/// Adds the parts of a triangle to those of the cores that are ahead in its nodes.
fn divide(
    field: &FieldOnGrid,
    grid: &Grid,
    ahead: &[(usize, f64)],
    nodes: [usize; 3],
    pieces: &mut [Vec<Vec<[f64; 2]>>],
) {
    let cores = nodes.map(|node| ahead[node].0);
    let mut add = |core: usize, mut ring: Vec<[f64; 2]>| {
        ring.extend(ring.first().copied());
        pieces[core].push(ring);
    };
    // Where a border crosses the edge from node k to the next.
    let crossing = |k: usize| {
        let (l, [a, b]) = ((k + 1) % 3, [cores[k], cores[(k + 1) % 3]]);
        let lead = |node: usize| field.nearness(a, grid.node(node)) - field.nearness(b, grid.node(node));
        grid.crossing([nodes[k], nodes[l]], [lead(nodes[k]), lead(nodes[l])])
    };
    let node = |k: usize| grid.node(nodes[k]);
    if cores[0] == cores[1] && cores[1] == cores[2] {
        return add(cores[0], vec![node(0), node(1), node(2)]);
    }
    if let Some(k) = (0..3).find(|&k| cores[(k + 1) % 3] == cores[(k + 2) % 3]) {
        // One node differs from the other two.
        let (l, m) = ((k + 1) % 3, (k + 2) % 3);
        let (next, before) = (crossing(k), crossing(m));
        add(cores[k], vec![node(k), next, before]);
        return add(cores[l], vec![next, node(l), node(m), before]);
    }
    let crossings = [0, 1, 2].map(crossing);
    let middle = [0, 1].map(|axis| crossings.iter().map(|point| point[axis]).sum::<f64>() / 3.0);
    for k in 0..3 {
        add(cores[k], vec![node(k), crossings[k], middle, crossings[(k + 2) % 3]]);
    }
}
