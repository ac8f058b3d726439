//! [`Notes`]: what modules remember of one request.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// At most one value of each type, made when it is first asked for. There are few of them: they stand in a list.
#[derive(Default)]
pub(crate) struct Notes(OnceLock<Arc<Note>>);

struct Note<V: ?Sized = dyn Any + Send + Sync> {
    next: OnceLock<Arc<Note>>,
    value: V,
}

impl Notes {
    /// The value of that type; `None` where nobody has asked for it to be made. Mostly there is no note at all.
    #[inline]
    pub(crate) fn get<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.0.get()?;
        self.find()
    }

    fn find<T: Send + Sync + 'static>(&self) -> Option<&T> {
        let mut place = &self.0;
        while let Some(note) = place.get() {
            if let Some(found) = note.value.downcast_ref() {
                return Some(found);
            }
            place = &note.next;
        }
        None
    }

    /// The value of that type. Of several that are made at once all get the same one.
    pub(crate) fn get_or_make<T: Send + Sync + 'static>(&self, make: impl FnOnce() -> T) -> &T {
        if let Some(found) = self.get() {
            return found;
        }
        let made: Arc<Note> = Arc::new(Note {
            next: OnceLock::new(),
            value: make(),
        });
        let mut place = &self.0;
        loop {
            let note = place.get_or_init(|| Arc::clone(&made));
            if let Some(found) = note.value.downcast_ref() {
                return found;
            }
            place = &note.next;
        }
    }
}

impl fmt::Debug for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Notes(…)")
    }
}

#[cfg(test)]
mod tests {
    use std::ptr;
    use std::thread;

    use super::Notes;

    #[test]
    fn notes_are_made_once_by_type() {
        let notes = Notes::default();
        assert_eq!(notes.get::<u8>(), None);
        assert_eq!(notes.get_or_make(|| 1_u8), &1);
        assert_eq!(notes.get_or_make(|| 2_u8), &1);
        assert_eq!(notes.get_or_make(|| "text"), &"text");
        assert_eq!(
            (notes.get::<u8>(), notes.get::<&str>()),
            (Some(&1), Some(&"text"))
        );
    }

    #[test]
    fn notes_may_be_made_of_other_notes() {
        let notes = Notes::default();
        let sum = notes.get_or_make(|| u32::from(*notes.get_or_make(|| 7_u8)) + 1);
        assert_eq!((*sum, notes.get::<u8>()), (8, Some(&7)));
    }

    #[test]
    fn notes_that_are_made_at_once_are_one() {
        let notes = Notes::default();
        let address = || ptr::from_ref(notes.get_or_make(String::new)).addr();
        let found = thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(address)).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect::<Vec<_>>()
        });
        assert!(found.iter().all(|other| *other == address()));
    }
}
