//! The algorithm of Leiden (Traag, Waltman and van Eck 2019): local moving, refinement, aggregation, until nothing moves.

use super::level::{Level, Members, Sums, minus, plus};
use crate::inference::Stream;

/// Gains below this part of a node's strength are rounding.
const ROUNDING: f64 = 1e-12;
/// How freely refinement chooses among the groups that a node may join, in parts of the node's strength (θ in the paper).
const FREEDOM: f64 = 0.01;
/// Most communities into which cities are thrown.
const MOST_THROWN: u32 = 20;
/// Most rounds of the whole algorithm; it stops long before.
const ROUNDS: usize = 100;

/// The community of every city, by one stream of random numbers: found from cities that stand alone, or are `thrown` together
/// into communities at random, as many as the stream says.
pub(super) fn leiden(cities: &Level, thrown: bool, stream: &mut Stream) -> Vec<u32> {
    let n = cities.n() as u32;
    let mut community: Vec<u32> = (0..n).collect();
    if thrown {
        let count = 1 + stream.below((n / 2).clamp(1, MOST_THROWN));
        community.iter_mut().for_each(|community| *community = stream.below(count));
    }
    for _ in 0..ROUNDS {
        if !round(cities, &mut community, stream) {
            break;
        }
    }
    community
}

/// One round through all levels; whether anything moved.
fn round(cities: &Level, community: &mut Vec<u32>, stream: &mut Stream) -> bool {
    let mut moved = false;
    // The node of the present level that every city belongs to.
    let mut node_of: Vec<u32> = Vec::new();
    let mut grouped: Option<Level> = None;
    let mut of_node = std::mem::take(community);
    renumber(&mut of_node);
    loop {
        let level = grouped.as_ref().unwrap_or(cities);
        let moving = move_nodes(level, &mut of_node, stream);
        moved |= moving;
        let communities = renumber(&mut of_node);
        let refined = if communities < level.n() { Some(refine(level, &of_node, communities, stream)) } else { None };
        let Some((group, groups)) = refined.filter(|&(_, groups)| groups < level.n()) else { break };
        let next = level.grouped(&group, groups);
        let mut of_group = vec![0; groups];
        group.iter().zip(&of_node).for_each(|(&group, &community)| of_group[group as usize] = community);
        match node_of.is_empty() {
            true => node_of = group,
            false => node_of.iter_mut().for_each(|node| *node = group[*node as usize]),
        }
        (grouped, of_node) = (Some(next), of_group);
    }
    *community = match node_of.is_empty() {
        true => of_node,
        false => node_of.iter().map(|&node| of_node[node as usize]).collect(),
    };
    moved
}

/// Numbers communities from 0 without gaps, by their first member; how many there are.
fn renumber(community: &mut [u32]) -> usize {
    let mut number = vec![u32::MAX; community.iter().max().map_or(0, |&most| most as usize + 1)];
    let mut count = 0;
    for label in community {
        let number = &mut number[*label as usize];
        if *number == u32::MAX {
            *number = count;
            count += 1;
        }
        *label = *number;
    }
    count as usize
}

/// Moves nodes to where they gain most, one at a time, until none gains; whether any did.
///
/// Nodes wait in a queue; one whose neighbour moved away is asked again.
fn move_nodes(level: &Level, community: &mut [u32], stream: &mut Stream) -> bool {
    let n = level.n();
    let (mut masses, mut sizes) = (vec![[0.0; 2]; n], vec![0_u32; n]);
    for (node, &c) in community.iter().enumerate() {
        masses[c as usize] = plus(masses[c as usize], level.mass[node]);
        sizes[c as usize] += 1;
    }
    let mut free: Vec<u32> = (0..n as u32).rev().filter(|&c| sizes[c as usize] == 0).collect();
    let mut order: Vec<u32> = (0..n as u32).collect();
    stream.shuffle(&mut order);
    let mut queue = std::collections::VecDeque::from(order);
    let (mut waits, mut sums, mut moved) = (vec![true; n], Sums::new(n), false);
    while let Some(node) = queue.pop_front() {
        let at = node as usize;
        waits[at] = false;
        let (from, mass) = (community[at], level.mass[at]);
        level.ties(at).iter().for_each(|&(other, strength)| sums.add(community[other as usize], strength));
        masses[from as usize] = minus(masses[from as usize], mass);
        let gain = |c: u32, strength: f64| strength - level.expectation(mass, masses[c as usize]);
        let stay = gain(from, sums.get(from));
        let (mut best, mut most) = (from, stay + ROUNDING * (mass[0] + mass[1]));
        for (c, strength) in sums.iter().filter(|&(c, _)| c != from) {
            let gain = gain(c, strength);
            if gain > most {
                (best, most) = (c, gain);
            }
        }
        // A node that is worth nothing where it is does better alone.
        if most < 0.0 && sizes[from as usize] > 1 && stay < -ROUNDING * (mass[0] + mass[1]) {
            best = free.last().copied().unwrap_or(best);
        }
        sums.clear();
        masses[best as usize] = plus(masses[best as usize], mass);
        if best == from {
            continue;
        }
        moved = true;
        sizes[from as usize] -= 1;
        if sizes[best as usize] == 0 {
            free.pop();
        }
        sizes[best as usize] += 1;
        if sizes[from as usize] == 0 {
            masses[from as usize] = [0.0; 2];
            free.push(from);
        }
        community[at] = best;
        for &(other, _) in level.ties(at) {
            if community[other as usize] != best && !std::mem::replace(&mut waits[other as usize], true) {
                queue.push_back(other);
            }
        }
    }
    moved
}

/// Splits each community into groups that hold together by themselves; the group of each node, and how many there are.
///
/// Every node starts alone. One that is well linked with the rest of its community joins, at random but the likelier the
/// more is gained, a group that is so too.
fn refine(level: &Level, community: &[u32], communities: usize, stream: &mut Stream) -> (Vec<u32>, usize) {
    let n = level.n();
    let mut whole = vec![[0.0; 2]; communities];
    community.iter().zip(&level.mass).for_each(|(&c, &mass)| whole[c as usize] = plus(whole[c as usize], mass));
    let mut group: Vec<u32> = (0..n as u32).collect();
    let (mut masses, mut alone, mut sums) = (level.mass.clone(), vec![true; n], Sums::new(n));
    // Strength between a group and the rest of its community.
    let mut outward: Vec<f64> = (0..n)
        .map(|i| level.ties(i).iter().filter(|t| community[t.0 as usize] == community[i]).map(|t| t.1).sum())
        .collect();
    let members = Members::new(community, communities);
    let mut order = Vec::new();
    let mut choices: Vec<(u32, f64, f64)> = Vec::new();
    for (c, &whole) in whole.iter().enumerate() {
        let linked = |mass: [f64; 2], outward: f64| outward >= level.expectation(mass, minus(whole, mass));
        order.clear();
        order.extend_from_slice(members.of(c));
        stream.shuffle(&mut order);
        for &node in &order {
            let (at, mass) = (node as usize, level.mass[node as usize]);
            if !alone[at] || !linked(mass, outward[at]) {
                continue;
            }
            for &(other, strength) in level.ties(at) {
                if community[other as usize] as usize == c {
                    sums.add(group[other as usize], strength);
                }
            }
            let gained = |g: u32, strength: f64| strength - level.expectation(mass, masses[g as usize]);
            let may = |g: u32| linked(masses[g as usize], outward[g as usize]);
            choices.clear();
            choices
                .extend(sums.iter().map(|(g, s)| (g, s, gained(g, s))).filter(|&(g, _, gain)| gain >= 0.0 && may(g)));
            sums.clear();
            let Some((to, strength)) = choose(&choices, mass[0] + mass[1], stream) else { continue };
            // Links between the two turn inward.
            outward[to as usize] += outward[at] - 2.0 * strength;
            masses[to as usize] = plus(masses[to as usize], mass);
            (group[at], alone[at], alone[to as usize]) = (to, false, false);
        }
    }
    let groups = renumber(&mut group);
    (group, groups)
}

/// One of the (group, strength, gain), with a chance that falls by e for each [`FREEDOM`] of the node's strength below the best.
fn choose(choices: &[(u32, f64, f64)], own: f64, stream: &mut Stream) -> Option<(u32, f64)> {
    let most = choices.iter().map(|choice| choice.2).fold(0.0, f64::max);
    let weight = |gain: f64| match (gain - most) / (FREEDOM * own) {
        below if below < -30.0 => 0.0,
        below => libm::exp(below),
    };
    if let [(group, strength, _)] = choices {
        return Some((*group, *strength));
    }
    let mut left = stream.unit() * choices.iter().map(|choice| weight(choice.2)).sum::<f64>();
    let likely = choices.iter().filter(|choice| weight(choice.2) > 0.0);
    let mut chosen = None;
    for &(group, strength, gain) in likely {
        chosen = Some((group, strength));
        left -= weight(gain);
        if left < 0.0 {
            break;
        }
    }
    chosen
}
