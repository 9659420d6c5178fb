//! A user agent that keeps its cookies in a file: `cookie-file load FILE` reads them, `cookie-file update
//! FILE` writes them back as well. Exit code 2 if the file is refused.

use std::path::Path;
use std::process::ExitCode;

use cookiespec_campaign::cookie_file::{NOW, empty_store, format_of};
use cookiespec_engine::persist::CookieFile;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args().skip(1).collect();
    let [task, file] = &words[..] else { return ExitCode::from(2) };
    let file = CookieFile::new(file, format_of(Path::new(file)));
    let mut store = empty_store();
    let used = match &**task {
        "load" => file.load(&mut store, NOW).map(|loaded| {
            println!("{} restored, {} expired", loaded.restored, loaded.expired);
            for problem in &loaded.problems {
                eprintln!("{}", problem.to_string().escape_debug());
            }
            if loaded.further_problems > 0 {
                eprintln!("{} more lines hold no cookie", loaded.further_problems);
            }
        }),
        "update" => file.update(&mut store, NOW, |_| ()).map(|((), saved)| {
            println!("{} written, {} left out", saved.written, saved.left_out.len());
        }),
        _ => return ExitCode::from(2),
    };
    match used {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cookie-file: {}", error.to_string().escape_debug());
            ExitCode::from(2)
        }
    }
}
