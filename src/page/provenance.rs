//! What it takes to make the page again: version, command, inputs, weights, and the files beside it.

use std::collections::BTreeMap;

use super::html::Html;
use super::{Page, tables};
use crate::write::sheet::{Sheet, SheetCell};

/// Where the results come from.
pub fn write(html: &mut Html, page: &Page) {
    let report = page.report;
    html.element("p", &[], &format!("agglo {}", env!("CARGO_PKG_VERSION")));
    html.within("pre", &[], |html| {
        html.element("code", &[], &report.command.join(" "));
    });
    if let Some(inference) = &report.inference {
        let text = format!(
            "permutations {}, seed {}, alternative {}, alpha {}, adjust {}",
            inference.permutations,
            inference.seed,
            inference.alternative.name(),
            inference.alpha,
            inference.adjust.name()
        );
        html.within("p", &[], |html| {
            html.element("code", &[], &text);
        });
    }
    html.element(
        "p",
        &[],
        page.say(
            "The same inputs, options and version give the same bytes, whatever the number of threads.",
            "相同的输入、选项与版本给出逐字节相同的结果，与线程数无关。",
        ),
    );
    plain(html, page.say("Inputs", "输入文件"), &inputs(page));
    if !report.weights.is_empty() {
        plain(html, page.say("Weights", "空间权重"), &weights(page));
    }
    files(html, page);
}

fn inputs<'a>(page: &Page<'a>) -> Sheet<'a> {
    let row = |input: &'a crate::write::InputFile| {
        let rows = input.rows.map_or(SheetCell::Empty, |rows| SheetCell::Count(rows as i64));
        let text = |text: &'a str| SheetCell::Text(text.into());
        vec![text(input.role), text(&input.name), rows, text(&input.sha256)]
    };
    let header = page.say(["role", "file", "rows", "SHA-256"], ["用途", "文件", "行数", "SHA-256"]);
    Sheet::from_rows("inputs", "", &header, page.report.inputs.iter().map(row).collect())
}

fn weights<'a>(page: &Page<'a>) -> Sheet<'a> {
    let row = |weights: &'a crate::weights::Weights| {
        vec![
            SheetCell::Text(weights.label().into()),
            SheetCell::Text(weights.transform().name().into()),
            SheetCell::Count(weights.n() as i64),
            SheetCell::Count(weights.links() as i64),
            SheetCell::Number(weights.mean_neighbours()),
            SheetCell::Count(weights.isolates().len() as i64),
            SheetCell::Count(weights.component_sizes().len() as i64),
            SheetCell::Text(page.say(["no", "yes"], ["否", "是"])[usize::from(weights.is_symmetric())].into()),
        ]
    };
    let header = page.say(
        ["weights", "transform", "n", "links", "mean neighbours", "isolates", "components", "symmetric"],
        ["权重", "变换", "n", "连接数", "平均邻居数", "孤立城市", "连通分量", "对称"],
    );
    Sheet::from_rows("weights", "", &header, page.report.weights.iter().map(row).collect())
}

fn plain(html: &mut Html, title: &str, sheet: &Sheet) {
    if sheet.rows() == 0 {
        return;
    }
    html.element("h3", &[], title).open("div", &[("class", "scroll")]).open("table", &[]);
    html.open("thead", &[]).open("tr", &[]);
    for (name, column) in sheet.header.iter().zip(&sheet.columns) {
        let class = if matches!(column.cell(0), SheetCell::Text(_)) { "t" } else { "n" };
        html.element("th", &[("scope", "col"), ("class", class)], name);
    }
    html.close("tr").close("thead").open("tbody", &[]);
    for row in 0..sheet.rows() {
        html.open("tr", &[]);
        sheet.columns.iter().for_each(|column| tables::cell(html, &column.cell(row)));
    }
    html.close("tbody").close("table").close("div");
}

/// How many files of each kind lie beside the page.
fn files(html: &mut Html, page: &Page) {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for name in page.files {
        *kinds.entry(name.rsplit_once('.').map_or("", |(_, kind)| kind)).or_default() += 1;
    }
    if kinds.is_empty() {
        return;
    }
    let told: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} .{kind}")).collect();
    let (count, told) = (page.files.len(), told.join(page.report.language.comma()));
    let text = page.say(
        format!("Beside this page lie {count} files with all tables, pictures and maps: {told}"),
        format!("本页之外另有 {count} 个文件，含全部表格、图与地图：{told}"),
    );
    html.element("p", &[], &text);
}
