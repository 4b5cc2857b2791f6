//! Counts words: a component in Rust, without a bindings generator, so that one sees what a core module needs to become a component:
//! imports and exports under the names of the canonical ABI, and an allocator for what is passed in.
#![crate_type = "cdylib"]

use std::alloc::{alloc, dealloc, realloc, Layout};
use std::collections::HashMap;

#[derive(Default)]
pub struct Counter {
    times: HashMap<String, Option<u32>>,
    total: u32,
}

impl Counter {
    fn add(&mut self, text: &str) -> u32 {
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let word = word.to_lowercase();
            let times = self.times.entry(word).or_insert_with_key(|word| if skip(word) { None } else { Some(0) });
            if let Some(times) = times {
                *times += 1;
                self.total += 1;
            }
        }
        self.total
    }

    fn top(&self, n: usize) -> Vec<(&str, u32)> {
        let mut all: Vec<_> = self.times.iter().filter_map(|(word, times)| Some((word.as_str(), (*times)?))).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        all.truncate(n);
        all
    }
}

// From here on: what `wit-bindgen` would write.

#[link(wasm_import_module = "$root")]
extern "C" {
    #[link_name = "skip"]
    fn import_skip(word: *const u8, length: usize) -> u32;
}

fn skip(word: &str) -> bool {
    unsafe { import_skip(word.as_ptr(), word.len()) != 0 }
}

#[link(wasm_import_module = "[export]example:words/counting@0.1.0")]
extern "C" {
    #[link_name = "[resource-new]counter"]
    fn counter_new(representation: usize) -> u32;
}

/// `constructor()`: makes a handle; the representation is the address of a `Counter`.
#[export_name = "example:words/counting@0.1.0#[constructor]counter"]
pub extern "C" fn constructor() -> u32 {
    let counter: Box<Counter> = Box::default();
    unsafe { counter_new(Box::into_raw(counter) as usize) }
}

/// Called when the last owner has dropped the handle.
#[export_name = "example:words/counting@0.1.0#[dtor]counter"]
pub unsafe extern "C" fn destructor(counter: *mut Counter) {
    drop(Box::from_raw(counter));
}

/// A borrowed handle of one's own resource comes as the representation; a string as bytes that are ours now, and their number.
#[export_name = "example:words/counting@0.1.0#[method]counter.add"]
pub unsafe extern "C" fn add(counter: &mut Counter, text: *mut u8, length: usize) -> u32 {
    let text = if length == 0 { String::new() } else { String::from_utf8_unchecked(Vec::from_raw_parts(text, length, length)) };
    counter.add(&text)
}

/// A record `count` in memory: a string is its address and its length in bytes.
#[repr(C)]
pub struct Count {
    word: *const u8,
    length: usize,
    times: u32,
}

/// Results of more than one core value are given by address: here of a list's first item, and of how many there are.
#[export_name = "example:words/counting@0.1.0#[method]counter.top"]
pub unsafe extern "C" fn top(counter: &Counter, n: u32) -> *mut [usize; 2] {
    let found = counter.top(n as usize).into_iter();
    let counts: Box<[Count]> = found.map(|(word, times)| Count { word: word.as_ptr(), length: word.len(), times }).collect();
    let length = counts.len();
    Box::into_raw(Box::new([Box::into_raw(counts) as *mut Count as usize, length]))
}

/// Called when the host has read what `top` returned: frees all but the words, which are the counter's.
#[export_name = "cabi_post_example:words/counting@0.1.0#[method]counter.top"]
pub unsafe extern "C" fn top_read(result: *mut [usize; 2]) {
    let [counts, length] = *Box::from_raw(result);
    drop(Box::from_raw(std::slice::from_raw_parts_mut(counts as *mut Count, length)));
}

/// Memory for what the host passes in: as `realloc`, with an alignment, and the old length.
#[export_name = "cabi_realloc"]
pub unsafe extern "C" fn cabi_realloc(old: *mut u8, old_length: usize, align: usize, length: usize) -> *mut u8 {
    let layout = |length| Layout::from_size_align_unchecked(length, align);
    let new = match (old_length, length) {
        (0, 0) => return align as *mut u8,
        (0, _) => alloc(layout(length)),
        (_, 0) => {
            dealloc(old, layout(old_length));
            return align as *mut u8;
        }
        _ => realloc(old, layout(old_length), length),
    };
    if new.is_null() {
        core::arch::wasm32::unreachable()
    }
    new
}
