use super::*;
use crate::finding::Card;
use crate::note::Note;
use crate::picture::{Stage, draw_all};
use crate::write::columns::{Names, named_columns};
use crate::write::fixture;
use crate::write::sheet::SheetCell;

fn page_of(report: &Report, sheets: &[Sheet], findings: &[Finding]) -> String {
    let ground = Ground::new(&report.cities);
    let figures = draw_all(&Stage { report, ground: &ground, network: None });
    let (columns, _) = named_columns(report, Names::Long, "");
    let files = ["cities.csv".to_owned()];
    let page =
        Page { report, columns: &columns, sheets, figures: &figures, ground: Some(&ground), findings, files: &files };
    let mut out = Vec::new();
    page.write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn plain(report: &Report) -> String {
    page_of(report, &[], &[])
}

/// What stands between two marks.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    text.split_once(from).unwrap().1.split_once(to).unwrap().0
}

#[test]
fn the_policy_allows_the_script_and_the_style_of_the_page_and_nothing_else() {
    let page = plain(&fixture::report());
    let policy = between(&page, "Content-Security-Policy\" content=\"", "\"").replace("&#39;", "'");
    for part in [
        "default-src 'none'".to_owned(),
        format!("script-src '{}'", digest::of(between(&page, "\n<script>", "</script>"))),
        format!("style-src '{}'", digest::of(between(&page, "<style>", "</style>"))),
    ] {
        assert!(policy.contains(&part), "{policy} lacks {part}");
    }
    assert!(!page.contains(" style=\"") && !page.contains("unsafe"));
}

#[test]
fn text_from_data_is_text_wherever_it_stands() {
    const EVIL: &str = "</title></script><img src=x onerror=alert(1)>\"'&\u{202e}";
    let mut report = fixture::report();
    report.cities.names[0] = EVIL.into();
    report.cities.ids[1] = format!("{EVIL} 2");
    report.values[0].name = EVIL.into();
    report.outcomes[0].variable = Some(EVIL.into());
    report.notes.push(Note::warning("isolate", EVIL));
    report.inputs[0].name = EVIL.into();
    report.command.push(EVIL.into());
    let cells = vec![vec![SheetCell::Text(EVIL.into())]];
    let sheet = Sheet {
        key: "local_moran.pairs".into(),
        footer: Some(EVIL.into()),
        ..Sheet::from_rows(EVIL, EVIL, &[EVIL], cells)
    };
    let card = Some(Card { number: EVIL.into(), label: EVIL.into() });
    let finding =
        Finding { family: Family::Autocorrelation, measure: "moran", text: EVIL.into(), key: true, figure: card };
    let page = page_of(&report, &[sheet], &[finding]);
    assert!(!page.contains("<img") && !page.contains("onerror=alert(1)>\"") && !page.contains('\u{202e}'));
    assert_eq!(page.matches("<script").count(), 2);
    assert_eq!(page.matches("</script>").count(), 2);
    let data: serde_json::Value = serde_json::from_str(between(&page, "id=\"data\">", "</script>")).unwrap();
    assert_eq!(data["names"][0], EVIL);
}

#[test]
fn every_anchor_is_there_once_and_every_link_leads_to_one() {
    let mut report = fixture::report();
    report.cities.ids[0] = "a b/\"é".into();
    let page = plain(&report);
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    for link in page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(ids.contains(&link), "{link} leads nowhere");
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
    assert!(ids.contains(&"city-a%20b%2F%22%C3%A9"), "{ids:?}");
}

#[test]
fn sections_are_there_for_results_alone() {
    let mut report = fixture::report();
    let page = plain(&report);
    for id in ["notes", "maps", "autocorrelation", "cities", "profiles", "methods", "provenance"] {
        assert!(page.contains(&format!("<section id=\"{id}\">")), "{id}");
    }
    assert!(!page.contains("<section id=\"radiation\">") && !page.contains("<section id=\"findings\">"));
    report.outcomes.clear();
    let page = plain(&report);
    assert!(!page.contains("<section id=\"autocorrelation\">") && !page.contains("<section id=\"methods\">"));
    assert!(page.contains("<section id=\"provenance\">"));
}

#[test]
fn the_page_speaks_the_language_of_the_report() {
    let mut report = fixture::report();
    assert!(plain(&report).contains("<html lang=\"en\">"));
    report.language = Language::Chinese;
    let page = plain(&report);
    assert!(page.contains("<html lang=\"zh-Hans\">") && page.contains("空间自相关") && page.contains("城市档案"));
}

#[test]
fn nothing_is_asked_of_a_network_and_the_same_run_gives_the_same_bytes() {
    let report = fixture::report();
    let page = plain(&report);
    let outside = page.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "");
    assert!(!outside.contains("http"), "{}", outside.split("http").nth(1).unwrap());
    assert_eq!(page, plain(&report));
}

#[test]
fn long_tables_show_their_first_rows_and_say_so() {
    let rows = (0..300).map(|i| vec![SheetCell::Count(i)]).collect();
    let report = fixture::report();
    let sheet = Sheet { key: "local_moran.pairs".into(), ..Sheet::from_rows("long", "Long", &["i"], rows) };
    let page = page_of(&report, &[sheet], &[]);
    assert!(page.contains("The first 12 of 300 rows; all of them are in tables/long.csv"));
    assert!(page.contains("<td>11<") && !page.contains("<td>299"));
}

#[test]
fn findings_and_empty_cells() {
    let report = fixture::report();
    let card = Some(Card { number: "0.41".into(), label: "Moran's I".into() });
    let finding = Finding {
        family: Family::Autocorrelation,
        measure: "moran",
        text: "It clusters".into(),
        key: true,
        figure: card,
    };
    let page = page_of(&report, &[], &[finding]);
    assert!(page.contains("<b>0.41</b>") && page.matches("It clusters").count() == 2);
    assert!(page.contains("<td><td"), "an undefined number is an empty cell");
}

#[test]
fn cities_are_listed_by_their_value_and_those_without_one_last() {
    let mut report = fixture::report();
    report.values[0].values = vec![f64::NAN, 1.0, 3.0];
    let page = plain(&report);
    let table = between(&page, "id=\"ranking\"", "</table>");
    let order: Vec<&str> = table.split("<tr data-c=\"").skip(1).map(|row| &row[..1]).collect();
    assert_eq!(order, ["2", "1", "0"]);
    assert!(page.contains("3 (1/2)") && page.contains("1 (2/2)"));
}

#[test]
fn a_report_of_nothing_is_a_page_without_results() {
    let page = plain(&Report::of(fixture::cities()));
    assert!(page.contains("<section id=\"provenance\">") && !page.contains("SHA-256"), "{page}");
    assert!(plain(&Report::of(fixture::cities().subset(&[]))).ends_with("</html>\n"));
}
