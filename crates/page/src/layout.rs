//! Where tables stand: in layers from left to right, what is referenced before what references it.
//!
//! Layers come from the longest way, the order within them from the middle of the neighbours. A layer
//! that would be too high goes on in a second column: a schema with one table that everything
//! points at has thousands of boxes side by side otherwise.

use std::collections::BTreeMap;

use crate::diagram::{Diagram, Table};

/// Pixels.
const ROW: f64 = 20.0;
pub(crate) const HEAD: f64 = 30.0;
const LETTER: f64 = 7.3;
const BETWEEN_ROWS: f64 = 28.0;
const BETWEEN_COLUMNS: f64 = 96.0;
const MARGIN: f64 = 24.0;
/// Columns of a table that are drawn; the rest is counted.
pub(crate) const SHOWN: usize = 24;

/// Where everything is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    /// In the order of the diagram's tables.
    pub places: Vec<Place>,
    /// Size of the whole.
    pub width: f64,
    /// Likewise.
    pub height: f64,
}

/// A box, in pixels from the upper left corner.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Place {
    /// Left side.
    pub x: f64,
    /// Upper side.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Layout {
    /// Places the tables of a diagram; the same ones always alike.
    #[must_use]
    pub fn of(diagram: &Diagram) -> Self {
        let mut places: Vec<Place> = diagram.tables.iter().map(size).collect();
        let neighbours = neighbours(diagram);
        let layers = layers(diagram);
        let alone = |at: &usize| neighbours[*at].is_empty();
        let mut columns: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in (0..places.len()).filter(|at| !alone(at)) {
            columns.entry(layers[at]).or_default().push(at);
        }
        let mut order: Vec<Vec<usize>> = columns.into_values().collect();
        sort_by_neighbours(&mut order, &neighbours);
        let area: f64 = places
            .iter()
            .map(|p| (p.width + BETWEEN_COLUMNS) * (p.height + BETWEEN_ROWS))
            .sum();
        let most = (area.sqrt() * 0.8).max(900.0);
        let mut islands: Vec<usize> = (0..places.len()).filter(alone).collect();
        islands.sort_by(|a, b| {
            places[*b]
                .height
                .total_cmp(&places[*a].height)
                .then(a.cmp(b))
        });
        order.push(islands);
        let (mut x, mut lowest) = (MARGIN, 0.0_f64);
        for layer in order.iter().filter(|layer| !layer.is_empty()) {
            let (mut y, mut widest) = (MARGIN, 0.0_f64);
            for at in layer {
                if y > MARGIN && y + places[*at].height > most {
                    x += widest + BETWEEN_COLUMNS;
                    (y, widest) = (MARGIN, 0.0);
                }
                places[*at].x = x;
                places[*at].y = y;
                y += places[*at].height + BETWEEN_ROWS;
                widest = widest.max(places[*at].width);
                lowest = lowest.max(y);
            }
            x += widest + BETWEEN_COLUMNS;
        }
        Self {
            places,
            width: (x - BETWEEN_COLUMNS + MARGIN).max(2.0 * MARGIN),
            height: (lowest - BETWEEN_ROWS + MARGIN).max(2.0 * MARGIN),
        }
    }
}

/// The middle of a column's line in its box; of the head, where it is not drawn.
pub(crate) fn line(table: &Table, place: &Place, column: &str) -> f64 {
    let at = table.columns.iter().position(|one| one.name == column);
    match at.filter(|at| *at < SHOWN) {
        Some(at) => place.y + HEAD + ROW.mul_add(to_f64(at), ROW / 2.0),
        None => place.y + HEAD / 2.0,
    }
}

fn size(table: &Table) -> Place {
    let letters = |text: &str| to_f64(text.chars().count());
    let shown = table.columns.iter().take(SHOWN);
    let widest = shown
        .map(|column| letters(&column.name) + letters(&column.data_type).min(24.0) + 6.0)
        .fold(letters(&table.path()) + 6.0, f64::max);
    let more = usize::from(table.columns.len() > SHOWN);
    let lines = table.columns.len().min(SHOWN) + more;
    Place {
        x: 0.0,
        y: 0.0,
        width: (widest * LETTER).clamp(150.0, 420.0).round(),
        height: ROW.mul_add(to_f64(lines), HEAD + 8.0),
    }
}

fn neighbours(diagram: &Diagram) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new(); diagram.tables.len()];
    for edge in diagram.edges.iter().filter(|edge| edge.from != edge.to) {
        all[edge.from].push(edge.to);
        all[edge.to].push(edge.from);
    }
    all
}

/// How many references lead from each table at most; one that leads back into its own way counts
/// for nothing.
fn layers(diagram: &Diagram) -> Vec<usize> {
    let mut below = vec![Vec::new(); diagram.tables.len()];
    for edge in &diagram.edges {
        below[edge.from].push(edge.to);
    }
    let mut layers = vec![None; below.len()];
    let mut on_the_way = vec![false; below.len()];
    for start in 0..below.len() {
        // Each table with the next reference to look at.
        let mut way = vec![(start, 0)];
        while let Some((at, next)) = way.pop() {
            if layers[at].is_some() {
                continue;
            }
            on_the_way[at] = true;
            let open = below[at][next..]
                .iter()
                .position(|to: &usize| layers[*to].is_none() && !on_the_way[*to]);
            if let Some(skip) = open {
                way.push((at, next + skip + 1));
                way.push((below[at][next + skip], 0));
                continue;
            }
            let deepest = below[at].iter().filter_map(|to| layers[*to]).max();
            layers[at] = Some(deepest.map_or(0, |deepest: usize| deepest + 1));
            on_the_way[at] = false;
        }
    }
    layers.into_iter().map(Option::unwrap_or_default).collect()
}

/// A few sweeps: each layer by the middle of what its tables touch in the others.
fn sort_by_neighbours(order: &mut [Vec<usize>], neighbours: &[Vec<usize>]) {
    let mut at = vec![0.0; neighbours.len()];
    let number = |order: &[Vec<usize>], at: &mut Vec<f64>| {
        for layer in order {
            let all = to_f64(layer.len().max(1));
            for (place, table) in layer.iter().enumerate() {
                at[*table] = to_f64(place) / all;
            }
        }
    };
    number(order, &mut at);
    for _ in 0..6 {
        for layer in order.iter_mut() {
            let middle = |table: &usize| {
                let near = &neighbours[*table];
                near.iter().map(|one| at[*one]).sum::<f64>() / to_f64(near.len().max(1))
            };
            let mut sorted: Vec<(f64, usize)> =
                layer.iter().map(|one| (middle(one), *one)).collect();
            sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            *layer = sorted.into_iter().map(|(_, one)| one).collect();
        }
        number(order, &mut at);
    }
}

fn to_f64(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
