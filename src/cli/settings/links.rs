//! What the arguments of links mean.

use std::path::PathBuf;

use super::{named, option};
use crate::cli::args::LinkArgs;
use crate::error::{Faults, quoted};
use crate::read::LinksRequest;
use crate::study::LinkMeaning;

pub(super) fn links(args: &LinkArgs, faults: &mut Faults) -> Option<(PathBuf, LinksRequest)> {
    let columns = match args.link_columns.as_slice() {
        [] => None,
        [origin, destination, weight] => Some([origin.clone(), destination.clone(), weight.clone()]),
        other => {
            let message = format!("{} columns are named, and three are needed", other.len());
            faults.push(option("link-columns", message).hint("write origin,destination,weight"));
            None
        }
    };
    let idle = [
        ("link-columns", !args.link_columns.is_empty()),
        ("links-where", !args.links_where.is_empty()),
        ("undirected", args.undirected),
        ("link-meaning", args.link_meaning.is_some()),
    ];
    let Some(path) = &args.links else {
        for (name, _) in idle.into_iter().filter(|(_, given)| *given) {
            faults.push(option(name, "it says how links are read, and there are none").hint("give --links FILE"));
        }
        return None;
    };
    let meaning = |name: &str| match name {
        "strength" => Some(LinkMeaning::Strength),
        "cost" => Some(LinkMeaning::Cost),
        _ => None,
    };
    let choices = ["strength", "cost"];
    let meaning = named("link-meaning", args.link_meaning.as_deref(), &choices, meaning, LinkMeaning::Strength, faults);
    let filters = args.links_where.iter().filter_map(|text| link_filter(text, faults)).collect();
    let request = LinksRequest { columns, filters, undirected: args.undirected, meaning };
    Some((path.clone(), request))
}

fn link_filter(text: &str, faults: &mut Faults) -> Option<(String, String)> {
    let filter = text.split_once('=').map(|(column, value)| (column.trim().to_owned(), value.trim().to_owned()));
    if filter.as_ref().is_none_or(|(column, _)| column.is_empty()) {
        let hint = "write COL=VALUE, as kind=hsr_trains_per_day";
        faults.push(option("links-where", format!("{} is no condition", quoted(text))).hint(hint));
        return None;
    }
    filter
}
