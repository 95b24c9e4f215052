//! Paths as a study file holds them: from its own folder.

use std::path::{Component, Path, PathBuf};

/// The path of an existing file from `folder`, with slashes; as it is where no way leads there.
pub(super) fn from_folder(path: &Path, folder: &Path) -> String {
    let relative = way(path, folder).unwrap_or_else(|| path.to_owned());
    let parts: Vec<String> =
        relative.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    if relative.is_absolute() { relative.to_string_lossy().into_owned() } else { parts.join("/") }
}

fn way(path: &Path, folder: &Path) -> Option<PathBuf> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The file itself keeps its name, also where it is a link.
    let target = parent.canonicalize().ok()?.join(path.file_name()?);
    let start = folder.canonicalize().ok()?;
    let shared = target.components().zip(start.components()).take_while(|(a, b)| a == b).count();
    let on_one_disk = target.components().next() == start.components().next();
    let up = start.components().skip(shared).map(|_| Component::ParentDir);
    on_one_disk.then(|| up.chain(target.components().skip(shared)).collect())
}

/// `file:w.gal` from `folder`; other specifications of weights as they are.
pub(super) fn weights_from_folder(spec: &str, folder: &Path) -> String {
    match spec.strip_prefix("file:") {
        Some(path) if !path.contains(['+', '&', '"']) => {
            format!("file:{}", from_folder(Path::new(path.trim()), folder))
        }
        _ => spec.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_from_one_folder_to_a_file() {
        let desk = tempfile::tempdir().unwrap();
        let (data, studies) = (desk.path().join("data"), desk.path().join("studies/a"));
        std::fs::create_dir_all(&data).unwrap();
        std::fs::create_dir_all(&studies).unwrap();
        let file = data.join("c d.geojson");
        std::fs::write(&file, "").unwrap();
        assert_eq!(from_folder(&file, &data), "c d.geojson");
        assert_eq!(from_folder(&file, &studies), "../../data/c d.geojson");
        assert_eq!(from_folder(&file, desk.path()), "data/c d.geojson");
        assert_eq!(from_folder(&studies.join("../../data/c d.geojson"), &data), "c d.geojson");
        let spec = format!("file:{}", file.display());
        assert_eq!(weights_from_folder(&spec, &studies), "file:../../data/c d.geojson");
        assert_eq!(weights_from_folder("queen & links", &studies), "queen & links");
    }
}
