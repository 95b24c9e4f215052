//! The report page in a real browser.
#![allow(clippy::unwrap_used)]

#[path = "common/browser.rs"]
mod browser;
#[path = "common/desk.rs"]
mod desk;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use browser::Browser;
use desk::{DELTA, Desk, err};
use serde_json::{Value, json};

/// The first map, and another one; a scatter; the table of cities.
const MAP: &str = "figure:nth-of-type(1) svg";

/// The page of a run on the cities of the Yangtze delta.
fn page() -> PathBuf {
    static DESK: OnceLock<Desk> = OnceLock::new();
    let desk = DESK.get_or_init(|| {
        let desk = Desk::new();
        let study = format!("{DELTA}/study.toml");
        let args = [
            "analyse",
            &study,
            "--out-dir",
            "out",
            "--only",
            "moran,local_moran,local_g_star,gini,theil",
            "--permutations",
            "99",
        ];
        let output = desk.agglo(&args);
        assert!(output.status.success(), "{}", err(&output));
        desk
    });
    desk.path("out/report.html")
}

/// A browser that has the page open; one at a time.
fn opened() -> Option<(Browser, MutexGuard<'static, ()>)> {
    static TURN: Mutex<()> = Mutex::new(());
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut browser = Browser::start()?;
    browser.open(&page(), "");
    Some((browser, turn))
}

/// What the page complained of, and what it asked for beside itself.
fn complaints(browser: &Browser) -> Vec<&Value> {
    let bad = |event: &&Value| match event["method"].as_str().unwrap_or_default() {
        "Runtime.exceptionThrown" => true,
        "Log.entryAdded" => event["params"]["entry"]["level"] == "error",
        "Runtime.consoleAPICalled" => event["params"]["type"] == "error",
        "Network.requestWillBeSent" => {
            let url = event["params"]["request"]["url"].as_str().unwrap_or_default();
            !["file:", "data:", "blob:"].iter().any(|scheme| url.starts_with(scheme))
        }
        _ => false,
    };
    browser.events.iter().filter(bad).collect()
}

fn count(browser: &mut Browser, selector: &str) -> u64 {
    browser.eval(&format!("document.querySelectorAll({selector:?}).length")).as_u64().unwrap()
}

#[test]
fn the_page_asks_for_nothing_and_complains_of_nothing() {
    let Some((mut browser, _turn)) = opened() else { return };
    assert!(count(&mut browser, "figure svg") >= 4);
    assert_eq!(browser.eval("document.documentElement.classList.contains('js')"), true);
    assert!(complaints(&browser).is_empty(), "{:?}", complaints(&browser));
}

#[test]
fn a_city_is_marked_wherever_it_stands() {
    let Some((mut browser, _turn)) = opened() else { return };
    let at = browser.point(&format!("{MAP} use[href='#c0']"));
    browser.mouse("mouseMoved", at, false);
    let maps = count(&mut browser, "svg use[href='#c0'].over");
    assert!(maps >= 2 && maps == count(&mut browser, "figure svg use[href='#c0']"), "{maps} maps");
    assert!(count(&mut browser, "circle[data-c='0'].over") >= 1);
    assert_eq!(count(&mut browser, "#ranking tr[data-c='0'].over"), 1);
    assert_eq!(browser.eval("document.querySelector('.tip b').textContent === document.querySelector('#ranking tr[data-c=\"0\"] th').textContent"), true);
    browser.mouse("mouseMoved", [2.0, 2.0], false);
    assert_eq!(count(&mut browser, ".over"), 0);
    assert!(complaints(&browser).is_empty(), "{:?}", complaints(&browser));
}

#[test]
fn a_choice_is_kept_in_the_address_and_escape_clears_it() {
    let Some((mut browser, _turn)) = opened() else { return };
    let first = browser.point(&format!("{MAP} use[href='#c0']"));
    browser.click(first, false);
    let second = browser.point(&format!("{MAP} use[href='#c3']"));
    browser.click(second, true);
    assert_eq!(count(&mut browser, "#ranking tr.chosen"), 2);
    assert!(count(&mut browser, "circle[data-c='3'].chosen") >= 1);
    let hash = browser.eval("location.hash");
    assert!(hash.as_str().unwrap().starts_with("#sel="), "{hash}");
    browser.open(&page(), hash.as_str().unwrap());
    assert_eq!(count(&mut browser, "#ranking tr.chosen"), 2);
    browser.key("Escape");
    assert_eq!((count(&mut browser, ".chosen"), browser.eval("location.hash")), (0, json!("")));
    let id = browser.eval("JSON.parse(document.getElementById('data').textContent).ids[5]");
    browser.open(&page(), &format!("#city-{}", id.as_str().unwrap()));
    assert_eq!(count(&mut browser, "#ranking tr[data-c='5'].chosen"), 1);
    assert_eq!(browser.eval("document.querySelector('#profile h3').textContent === JSON.parse(document.getElementById('data').textContent).names[5]"), true);
}

#[test]
fn dragging_across_the_scatter_chooses_the_cities_inside() {
    let Some((mut browser, _turn)) = opened() else { return };
    browser.eval("document.querySelector('figure svg circle[data-c]').closest('figure').scrollIntoView({block: 'center', behavior: 'instant'})");
    let frame = browser.eval(
        "(() => { const b = document.querySelector('figure svg circle[data-c]').closest('svg').getBoundingClientRect();
         return [b.left + 2, b.top + 2, b.left + b.width / 2, b.bottom - 2] })()",
    );
    let [left, top, right, bottom] = [0, 1, 2, 3].map(|i| frame[i].as_f64().unwrap());
    browser.mouse("mouseMoved", [left, top], false);
    browser.mouse("mousePressed", [left, top], false);
    for [x, y] in [[left + 20.0, top + 20.0], [right, bottom]] {
        let params = json!({"type": "mouseMoved", "x": x, "y": y, "button": "left", "buttons": 1});
        browser.call("Input.dispatchMouseEvent", params);
    }
    browser.mouse("mouseReleased", [right, bottom], false);
    let chosen = count(&mut browser, "#ranking tr.chosen");
    let cities = count(&mut browser, "#ranking tbody tr");
    assert!(chosen > 0 && chosen < cities, "{chosen} of {cities}");
    assert_eq!(count(&mut browser, ".brush"), 0);
}

#[test]
fn tables_sort_by_numbers_with_the_missing_last_and_are_filtered() {
    let Some((mut browser, _turn)) = opened() else { return };
    browser.eval("document.querySelector('#ranking tbody tr:nth-child(2) td').textContent = ''");
    let column = "[...document.querySelectorAll('#ranking tbody tr')].map(r => r.cells[1].textContent)";
    let is_sorted = |texts: &Value, down: bool| {
        let mut numbers: Vec<f64> = Vec::new();
        let texts: Vec<&str> = texts.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
        assert_eq!(texts.last(), Some(&""), "what is missing is not last");
        numbers.extend(texts[..texts.len() - 1].iter().map(|text| text.parse::<f64>().unwrap()));
        numbers.windows(2).all(|pair| if down { pair[0] >= pair[1] } else { pair[0] <= pair[1] })
    };
    for (direction, down) in [("ascending", false), ("descending", true)] {
        browser.eval("document.querySelectorAll('#ranking thead button')[1].click()");
        assert_eq!(browser.eval("document.querySelectorAll('#ranking th')[1].getAttribute('aria-sort')"), direction);
        let texts = browser.eval(column);
        assert!(is_sorted(&texts, down), "{direction}: {texts}");
    }
    browser.eval("(() => { const f = document.getElementById('filter'); f.value = document.querySelector('#ranking tbody th').textContent; f.dispatchEvent(new Event('input')) })()");
    let shown = count(&mut browser, "#ranking tbody tr:not([hidden])");
    assert!((1..5).contains(&shown), "{shown}");
}

#[test]
fn pictures_and_tables_are_saved_whole() {
    let Some((mut browser, _turn)) = opened() else { return };
    browser.eval("window.kept = []; const make = URL.createObjectURL; URL.createObjectURL = blob => { kept.push(blob); return make.call(URL, blob) }; 0");
    browser.eval("document.querySelector('figure .tools button').click()");
    let svg = browser.eval("kept[0].text()");
    let document = roxmltree::Document::parse(svg.as_str().unwrap()).unwrap();
    let ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    let uses: Vec<&str> =
        document.descendants().filter(|n| n.has_tag_name("use")).filter_map(|n| n.attribute("href")).collect();
    assert!(!uses.is_empty() && uses.iter().all(|href| ids.contains(&&href[1..])), "{ids:?} {uses:?}");
    browser.eval("document.querySelector('#ranking tbody td').textContent = '=1+1'; document.querySelector('#cities .tools button').click()");
    let csv = browser.eval("kept[1].arrayBuffer().then(b => new TextDecoder('utf-8', {ignoreBOM: true}).decode(b))");
    assert!(csv.as_str().unwrap().starts_with('\u{feff}') && csv.as_str().unwrap().contains(",'=1+1,"), "{csv}");
    assert!(complaints(&browser).is_empty(), "{:?}", complaints(&browser));
}

#[test]
fn the_page_prints_on_several_sheets_with_nothing_but_tables_folded_away() {
    let Some((mut browser, _turn)) = opened() else { return };
    assert!(count(&mut browser, "details:not([open])") > 3);
    browser.eval("dispatchEvent(new Event('beforeprint'))");
    assert_eq!(count(&mut browser, "details:not([open], .tables, .tables *)"), 0);
    browser.eval("dispatchEvent(new Event('afterprint'))");
    assert!(count(&mut browser, "details:not([open])") > 3);
    browser.call("Emulation.setEmulatedMedia", json!({"media": "print"}));
    let header =
        "['thead', 'thead button', 'nav', '.tools'].map(s => getComputedStyle(document.querySelector(s)).display)";
    assert_eq!(browser.eval(header), json!(["table-header-group", "contents", "none", "none"]));
    browser.call("Emulation.setEmulatedMedia", json!({"media": ""}));
    let pdf = browser.call("Page.printToPDF", json!({"preferCSSPageSize": true, "printBackground": true}));
    let data = pdf["data"].as_str().unwrap();
    let sheets = browser.eval(&format!("atob({data:?}).match(/\\/Type \\/Page\\b/g).length"));
    assert!(sheets.as_u64().unwrap() >= 3, "{sheets}");
}

#[test]
fn the_dark_page_keeps_the_colours_of_the_data() {
    let Some((mut browser, _turn)) = opened() else { return };
    let looks = "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('figure svg use')).fill, getComputedStyle(document.documentElement).scrollBehavior]";
    let light = browser.eval(looks);
    let features = json!([{"name": "prefers-color-scheme", "value": "dark"}, {"name": "prefers-reduced-motion", "value": "reduce"}]);
    browser.call("Emulation.setEmulatedMedia", json!({"features": features}));
    let dark = browser.eval(looks);
    assert_ne!(light[0], dark[0]);
    assert_eq!(light[1], dark[1]);
    assert_eq!(dark[2], "auto");
    for background in [&light[0], &dark[0], &light[0]] {
        browser.eval("document.querySelector('nav button.theme:last-child').click()");
        let theme = browser.eval("document.documentElement.dataset.theme || 'auto'");
        let now = browser.eval(looks);
        let want = if theme == "auto" { &dark[0] } else { background };
        assert_eq!(&now[0], want, "{theme}");
    }
}

#[test]
fn a_telephone_scrolls_in_one_direction() {
    let Some((mut browser, _turn)) = opened() else { return };
    let phone = json!({"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": true});
    browser.call("Emulation.setDeviceMetricsOverride", phone);
    browser.eval("document.querySelectorAll('details').forEach(d => { d.open = true })");
    let widest = browser.eval(
        "[document.documentElement.scrollWidth, innerWidth, [...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll, svg, pre') && e.getBoundingClientRect().right > 361).slice(0, 5).map(e => e.outerHTML.slice(0, 90)).join(' ')]",
    );
    assert!(widest[0].as_f64() <= Some(360.0) && widest[1] == 360, "{widest}");
}

#[test]
fn the_page_is_whole_without_its_script() {
    let Some((mut browser, _turn)) = opened() else { return };
    browser.call("Emulation.setScriptExecutionDisabled", json!({"value": true}));
    browser.open(&page(), "");
    let seen = browser.eval(
        "[document.documentElement.classList.contains('js'), document.querySelectorAll('button').length,
          document.querySelector('figure svg').getBoundingClientRect().height > 100,
          document.querySelector('#ranking').getBoundingClientRect().height > 100]",
    );
    assert_eq!(seen, json!([false, 0, true, true]));
}

#[test]
fn the_keyboard_goes_from_city_to_city() {
    let Some((mut browser, _turn)) = opened() else { return };
    browser.eval("document.querySelector('svg[tabindex]').focus()");
    browser.key("ArrowRight");
    browser.key("ArrowRight");
    assert_eq!(count(&mut browser, "#ranking tr[data-c='1'].over"), 1);
    let said = browser.eval("document.getElementById('live').textContent");
    let name = browser.eval("JSON.parse(document.getElementById('data').textContent).names[1]");
    assert!(said.as_str().unwrap().starts_with(name.as_str().unwrap()), "{said}");
    browser.key("Enter");
    assert_eq!(count(&mut browser, "#ranking tr[data-c='1'].chosen"), 1);
}
