//! The tables of the measures. All of them lie in files beside the page; the page shows those that are short, and the
//! first rows of those that are not too long, so that it stays small.

use super::html::Html;
use super::{Page, family_of};
use crate::measures::Family;
use crate::note::short;
use crate::write::sheet::{Sheet, SheetCell};

/// Most columns of a table on the page.
const MOST_COLUMNS: usize = 30;
/// Up to how many rows a table is shown whole.
const WHOLE: usize = 24;
/// How many rows are shown of a longer one.
const FIRST: usize = 12;
/// How many cells the tables of a family have together.
const MOST_CELLS: usize = 150;

/// The tables of a family, the latest of several years.
pub fn write(html: &mut Html, page: &Page, family: Family) {
    let of_family: Vec<&Sheet> = page.sheets.iter().filter(|sheet| sheet_family(sheet) == Some(family)).collect();
    let (shown, named) = divided(page, &of_family);
    if of_family.is_empty() {
        return;
    }
    let title = page.say(format!("Tables ({})", of_family.len()), format!("表格（{}）", of_family.len()));
    html.folded(&[("class", "tables")], &title, |html| {
        for sheet in shown {
            html.folded(&[("id", &format!("table-{}", sheet.name))], &sheet.title, |html| table(html, page, sheet));
            html.raw("\n");
        }
        files(html, page, &named);
    });
}

/// How many tables are files alone.
fn files(html: &mut Html, page: &Page, named: &[&Sheet]) {
    if named.is_empty() {
        return;
    }
    let count = named.len();
    let text = page.say(
        format!("{count} more tables, and all of these whole and for every year, are files in tables/"),
        format!("另有 {count} 张表格，以及上列各表的完整版和各年份版，见 tables/ 文件夹"),
    );
    html.element("p", &[("class", "foot")], &text);
}

/// Those that are shown, and those that are named only. Short tables are taken first.
fn divided<'s, 'a>(page: &Page, sheets: &[&'s Sheet<'a>]) -> (Vec<&'s Sheet<'a>>, Vec<&'s Sheet<'a>>) {
    let mut order: Vec<usize> = (0..sheets.len()).filter(|&i| fits(page, sheets[i])).collect();
    order.sort_by_key(|&i| cells(sheets[i]));
    let mut room = MOST_CELLS;
    let mut taken = vec![false; sheets.len()];
    for i in order {
        let cells = cells(sheets[i]);
        if cells > room {
            break;
        }
        room -= cells;
        taken[i] = true;
    }
    let (shown, named): (Vec<usize>, Vec<usize>) = (0..sheets.len()).partition(|&i| taken[i]);
    let of = |places: Vec<usize>| places.into_iter().map(|i| sheets[i]).collect();
    (of(shown), of(named))
}

fn cells(sheet: &Sheet) -> usize {
    sheet.columns.len() * shown_rows(sheet)
}

fn shown_rows(sheet: &Sheet) -> usize {
    if sheet.rows() > WHOLE { FIRST } else { sheet.rows() }
}

fn fits(page: &Page, sheet: &Sheet) -> bool {
    let earlier = page.last_year().is_some_and(|last| {
        let year = sheet.name.rsplit('_').next().and_then(|year| year.parse::<i32>().ok());
        year.is_some_and(|year| year != last && page.report.years().contains(&year))
    });
    sheet.rows() > 0 && sheet.columns.len() <= MOST_COLUMNS && !earlier
}

/// The family that a table belongs to: that of its measure, or the one that it brings together.
fn sheet_family(sheet: &Sheet) -> Option<Family> {
    let name = sheet.key.split('.').next().unwrap_or_default();
    family_of(name).or_else(|| Family::ALL.iter().copied().find(|family| family.name() == name))
}

fn table(html: &mut Html, page: &Page, sheet: &Sheet) {
    html.open("div", &[("class", "scroll")]).open("table", &[("class", "data"), ("data-name", &sheet.name)]);
    html.open("thead", &[]).open("tr", &[]);
    for (heading, column) in sheet.headings().iter().zip(&sheet.columns) {
        let class = if matches!(column.cell(0), SheetCell::Text(_)) { "t" } else { "n" };
        html.element("th", &[("scope", "col"), ("class", class)], heading);
    }
    html.close("tr").close("thead").open("tbody", &[]);
    for row in 0..shown_rows(sheet) {
        html.open("tr", &[]);
        sheet.columns.iter().for_each(|column| cell(html, &column.cell(row)));
    }
    html.close("tbody").close("table").close("div");
    let all = sheet.rows();
    if shown_rows(sheet) < all {
        let (first, name) = (shown_rows(sheet), &sheet.name);
        let text = page.say(
            format!("The first {first} of {all} rows; all of them are in tables/{name}.csv"),
            format!("仅列前 {first} 行，共 {all} 行，全部见 tables/{name}.csv"),
        );
        html.element("p", &[("class", "foot")], &text);
    }
    if let Some(footer) = &sheet.footer {
        html.element("p", &[("class", "foot")], &page.report.without_remark(footer));
    }
}

/// A cell: numbers to the right, texts to the left, and what is undefined without anything. HTML lets cells and rows end
/// where the next begins, which saves a fifth of a table.
pub fn cell(html: &mut Html, cell: &SheetCell) {
    match cell {
        SheetCell::Empty => html.open("td", &[]),
        SheetCell::Number(x) => html.open("td", &[]).text(&short(*x)),
        SheetCell::Count(x) => html.open("td", &[]).text(&x.to_string()),
        SheetCell::Text(text) => html.open("td", &[("class", "t")]).text(text),
    };
}
