//! Files appear whole or not at all: written beside their place, then renamed, all at the end.
//!
//! What is to be written is checked and opened before the work begins. Whatever ends a run early (a fault, a full
//! disk, a signal) leaves no file and no folder behind, and the files of an earlier run untouched.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tempfile::TempPath;

use crate::error::{Error, Fault, Kind, Result, quoted};

/// Files that are being written.
pub struct Outputs {
    inputs: Vec<PathBuf>,
    pending: Vec<Pending>,
    leftovers: Arc<Mutex<Leftovers>>,
}

struct Pending {
    target: PathBuf,
    file: File,
    /// `None` where the target is no regular file but a device or a pipe, and is written directly.
    temporary: Option<TempPath>,
    last: bool,
}

/// A file of [`Outputs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot(usize);

/// What has to go if the run ends early.
#[derive(Default)]
struct Leftovers {
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Leftovers {
    fn clear(&mut self) {
        self.files.drain(..).for_each(|file| drop(fs::remove_file(file)));
        self.folders.drain(..).rev().for_each(|folder| drop(fs::remove_dir(folder)));
    }
}

/// The leftovers of every transaction that is open.
static OPEN: Mutex<Vec<Arc<Mutex<Leftovers>>>> = Mutex::new(Vec::new());

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends the process after removing what open transactions would leave behind; waits for one that is renaming its files,
/// and lets none make another.
fn clear_and_exit(code: i32) -> ! {
    let open = locked(&OPEN);
    let mut all: Vec<_> = open.iter().map(|leftovers| locked(leftovers)).collect();
    all.iter_mut().for_each(|leftovers| leftovers.clear());
    std::process::exit(code)
}

/// Ends the process on an interrupt (130) or a termination (143), with nothing left behind.
pub fn on_signals() {
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
        // A file that grows beyond the limit of the process is then an error of writing, not the end.
        let _ = signal_hook::flag::register(SIGXFSZ, Arc::default());
        let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP]) else { return };
        std::thread::spawn(move || {
            if let Some(signal) = signals.forever().next() {
                clear_and_exit(128 + signal);
            }
        });
    }
    #[cfg(not(unix))]
    {
        let _ = ctrlc::set_handler(|| clear_and_exit(130));
    }
}

impl Outputs {
    /// A transaction that refuses to write over any of `inputs`.
    pub fn new(inputs: Vec<PathBuf>) -> Self {
        let leftovers = Arc::new(Mutex::new(Leftovers::default()));
        locked(&OPEN).push(Arc::clone(&leftovers));
        Self { inputs, pending: Vec::new(), leftovers }
    }

    /// Makes a folder and those above it, where they are not there yet.
    ///
    /// # Errors
    /// [`Kind::Output`] if it cannot be made, or if something else has its name.
    pub fn folder(&mut self, folder: &Path) -> Result<()> {
        let missing: Vec<&Path> =
            folder.ancestors().take_while(|part| !part.as_os_str().is_empty() && !part.exists()).collect();
        for part in missing.into_iter().rev() {
            let mut leftovers = locked(&self.leftovers);
            fs::create_dir(part).map_err(|error| fault(part, &error))?;
            leftovers.folders.push(part.to_owned());
        }
        self.check_folder(folder)
    }

    /// Checks that something is a folder.
    ///
    /// # Errors
    /// [`Kind::Output`] if it is not.
    pub fn check_folder(&self, folder: &Path) -> Result<()> {
        match folder.as_os_str().is_empty() || folder.is_dir() {
            true => Ok(()),
            false => Err(refused(folder, "is not a folder").hint("name another folder").into()),
        }
    }

    /// Opens a file that will be at `path`; its folder has to be there.
    ///
    /// # Errors
    /// [`Kind::Output`] if it is an input, an output twice, a folder, or cannot be written.
    pub fn open(&mut self, path: &Path) -> Result<Slot> {
        self.open_as(path, false)
    }

    /// Opens a file that appears after all others, and of which an older one disappears before them.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_last(&mut self, path: &Path) -> Result<Slot> {
        self.open_as(path, true)
    }

    fn open_as(&mut self, path: &Path, last: bool) -> Result<Slot> {
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        self.refuse_inputs(&target)?;
        if self.pending.iter().any(|pending| same_file(&pending.target, &target)) {
            return Err(refused(path, "would be written twice").hint("name different files").into());
        }
        let existing = fs::metadata(&target).ok();
        if existing.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(refused(path, "is a folder").hint("name a file").into());
        }
        let (file, temporary) = if existing.as_ref().is_some_and(|existing| !existing.is_file()) {
            (File::options().write(true).open(&target).map_err(|error| fault(path, &error))?, None)
        } else {
            let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let mut leftovers = locked(&self.leftovers);
            let (file, temporary) = temporary_in(folder).map_err(|error| fault(path, &error))?.into_parts();
            leftovers.files.push(temporary.to_path_buf());
            if let Some(existing) = existing {
                let _ = file.set_permissions(existing.permissions());
            }
            (file, Some(temporary))
        };
        self.pending.push(Pending { target, file, temporary, last });
        Ok(Slot(self.pending.len() - 1))
    }

    /// Whether a slot is a file and not a device or a pipe.
    pub fn is_file(&self, slot: Slot) -> bool {
        self.pending[slot.0].temporary.is_some()
    }

    /// Checks that a file may be written, without opening it.
    ///
    /// # Errors
    /// [`Kind::Output`] if it is an input or a folder.
    pub fn check(&self, path: &Path) -> Result<()> {
        self.refuse_inputs(&fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()))?;
        if path.is_dir() { Err(refused(path, "is a folder").hint("name a file").into()) } else { Ok(()) }
    }

    fn refuse_inputs(&self, target: &Path) -> Result<()> {
        match self.inputs.iter().any(|input| same_file(input, target)) {
            true => Err(refused(target, "is an input, and would be overwritten").hint("name another file").into()),
            false => Ok(()),
        }
    }

    /// Adds files that were read meanwhile to those that are not to be overwritten.
    ///
    /// # Errors
    /// [`Kind::Output`] if one of them is an output.
    pub fn guard(&mut self, inputs: impl IntoIterator<Item = PathBuf>) -> Result<()> {
        self.inputs.extend(inputs);
        self.pending.iter().try_for_each(|pending| self.refuse_inputs(&pending.target))
    }

    /// Writes the content of a file.
    ///
    /// # Errors
    /// [`Kind::Output`] with what the system says.
    pub fn write(&mut self, slot: Slot, content: impl FnOnce(&mut BufWriter<&File>) -> io::Result<()>) -> Result<()> {
        let target = self.pending[slot.0].target.clone();
        self.write_checked(slot, |out| content(out).map_err(|error| fault(&target, &error).into()))
    }

    /// Writes content that can be at fault itself.
    ///
    /// # Errors
    /// [`Kind::Output`] with what the system says, and the faults of the content.
    pub fn write_checked(
        &mut self,
        slot: Slot,
        content: impl FnOnce(&mut BufWriter<&File>) -> Result<()>,
    ) -> Result<()> {
        let pending = &self.pending[slot.0];
        let mut writer = BufWriter::with_capacity(1 << 16, &pending.file);
        content(&mut writer).map_err(|error| error.in_file(&base_name(&pending.target)))?;
        writer
            .flush()
            .and_then(|()| if pending.temporary.is_some() { pending.file.sync_all() } else { Ok(()) })
            .map_err(|error| fault(&pending.target, &error).into())
    }

    /// Puts all files in their places.
    ///
    /// # Errors
    /// [`Kind::Output`] if a file cannot be renamed.
    pub fn commit(mut self) -> Result<()> {
        let mut leftovers = locked(&self.leftovers);
        let mut pending = std::mem::take(&mut self.pending);
        pending.sort_by_key(|pending| pending.last);
        for old in pending.iter().filter(|pending| pending.last && pending.temporary.is_some()) {
            match fs::remove_file(&old.target) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(fault(&old.target, &error).into()),
                _ => {}
            }
        }
        for Pending { target, temporary, .. } in pending {
            if let Some(temporary) = temporary {
                temporary.persist(&target).map_err(|error| fault(&target, &error.error))?;
            }
        }
        leftovers.files.clear();
        leftovers.folders.clear();
        Ok(())
    }
}

impl Drop for Outputs {
    fn drop(&mut self) {
        self.pending.clear();
        locked(&self.leftovers).clear();
        locked(&OPEN).retain(|other| !Arc::ptr_eq(other, &self.leftovers));
    }
}

fn temporary_in(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".agglo-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// Whether two paths are one file, also through links.
fn same_file(a: &Path, b: &Path) -> bool {
    if let (Ok(a), Ok(b)) = (fs::canonicalize(a), fs::canonicalize(b)) {
        return a == b || same_inode(&a, &b);
    }
    a == b
}

#[cfg(unix)]
fn same_inode(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (fs::metadata(a), fs::metadata(b)) {
        (Ok(a), Ok(b)) => a.is_file() && (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn same_inode(_: &Path, _: &Path) -> bool {
    false
}

/// The last part of a path, as it stands in messages.
pub fn base_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn refused(path: &Path, why: &str) -> Fault {
    Fault::new(Kind::Output, format!("the output {} {why}", quoted(&base_name(path)))).file(base_name(path))
}

fn fault(path: &Path, error: &io::Error) -> Fault {
    let reason = error.to_string();
    let reason = reason.split(" (os error").next().unwrap_or_default().split(" at path").next().unwrap_or_default();
    let fault = Fault::new(Kind::Output, format!("cannot be written: {reason}")).file(base_name(path));
    match error.kind() {
        io::ErrorKind::NotFound => fault.hint("its folder does not exist; make it first"),
        io::ErrorKind::StorageFull => fault.hint("free some space, or write elsewhere"),
        _ => fault.hint("write to another place"),
    }
}

/// The error that standard output cannot be written.
pub fn stdout_error(error: &io::Error) -> Error {
    let reason = error.to_string();
    let reason = reason.split(" (os error").next().unwrap_or_default();
    Fault::new(Kind::Output, format!("standard output cannot be written: {reason}")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| base_name(&entry.unwrap().path())).collect();
        names.sort();
        names
    }

    fn fill(outputs: &mut Outputs, slot: Slot, text: &str) {
        outputs.write(slot, |out| out.write_all(text.as_bytes())).unwrap();
    }

    #[test]
    fn files_appear_together_and_replace_older_ones() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("a/b");
        let mut outputs = Outputs::new(Vec::new());
        outputs.folder(&out).unwrap();
        let last = outputs.open_last(&out.join("results.json")).unwrap();
        let first = outputs.open(&out.join("x.csv")).unwrap();
        fill(&mut outputs, first, "1");
        fill(&mut outputs, last, "2");
        outputs.commit().unwrap();
        assert_eq!(entries(&out), ["results.json", "x.csv"]);

        let mut outputs = Outputs::new(Vec::new());
        let again = outputs.open(&out.join("x.csv")).unwrap();
        fill(&mut outputs, again, "3");
        assert_eq!(fs::read_to_string(out.join("x.csv")).unwrap(), "1");
        outputs.commit().unwrap();
        assert_eq!(fs::read_to_string(out.join("x.csv")).unwrap(), "3");
    }

    #[test]
    fn a_run_that_fails_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("old.json"), "old").unwrap();
        let mut outputs = Outputs::new(Vec::new());
        outputs.folder(&folder.path().join("new/deep")).unwrap();
        let slot = outputs.open(&folder.path().join("new/deep/x.csv")).unwrap();
        outputs.open_last(&folder.path().join("old.json")).unwrap();
        fill(&mut outputs, slot, "half");
        drop(outputs);
        assert_eq!(entries(folder.path()), ["old.json"]);
        assert_eq!(fs::read_to_string(folder.path().join("old.json")).unwrap(), "old");
    }

    #[cfg(unix)]
    #[test]
    fn an_input_is_never_overwritten_whatever_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("cities.geojson");
        fs::write(&input, "{}").unwrap();
        let (soft, hard) = (folder.path().join("soft"), folder.path().join("hard"));
        std::os::unix::fs::symlink(&input, &soft).unwrap();
        fs::hard_link(&input, &hard).unwrap();
        for name in [&input, &soft, &hard, &folder.path().join("./cities.geojson")] {
            let error = Outputs::new(vec![input.clone()]).open(name).unwrap_err();
            assert_eq!(error.kind(), Kind::Output);
            assert!(error.to_string().contains("is an input"), "{error}");
        }
        let mut outputs = Outputs::new(Vec::new());
        outputs.open(&hard).unwrap();
        assert!(outputs.guard([input]).is_err());
    }

    #[test]
    fn impossible_places_are_named_before_the_work() {
        let folder = tempfile::tempdir().unwrap();
        let mut outputs = Outputs::new(Vec::new());
        assert!(outputs.open(folder.path()).is_err());
        let error = outputs.open(&folder.path().join("none/x.csv")).unwrap_err();
        assert!(error.to_string().starts_with("x.csv: cannot be written: "), "{error}");
        outputs.open(&folder.path().join("x.csv")).unwrap();
        assert!(outputs.open(&folder.path().join("./x.csv")).is_err(), "twice");
    }
}
