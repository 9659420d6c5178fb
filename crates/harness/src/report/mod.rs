//! Results shown. [`Record`] is everything a run came to; each module makes one kind of report from
//! it, and [`Output`] chooses among them.

pub mod badge;
pub mod case;
pub mod compare;
pub mod events;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
mod markup;
mod output;
mod record;
pub mod sarif;
mod style;
mod table;
pub mod text;
mod visible;

pub use markup::Text as Markup;
pub use output::{Kind, Output};
pub use record::{Record, Tested};
pub use style::{Painted, Style};
pub use visible::Visible;
