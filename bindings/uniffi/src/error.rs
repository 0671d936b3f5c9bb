//! How the errors of Rust become those of other languages. None holds a secret.

use clanforge::core::ResponseError;
use clanforge_bindings::BindingError;

use crate::generated::ClanforgeError;

impl From<clanforge::Error> for ClanforgeError {
    fn from(error: clanforge::Error) -> Self {
        BindingError::from(error).into()
    }
}

impl From<ResponseError> for ClanforgeError {
    fn from(error: ResponseError) -> Self {
        BindingError::from(error).into()
    }
}

pub(crate) fn configuration(problem: impl ToString) -> ClanforgeError {
    BindingError::configuration(problem).into()
}
