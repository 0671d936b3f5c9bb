//! The native module of the Python package `clanforge`: client, decoding, gate, monitor, simulator and command.
//!
//! The public API is written in Python, in `python/clanforge`. A status crosses the FFI boundary as a handle, whose fields
//! are converted when they are read; everything else crosses as JSON.

mod blocking;
mod call;
mod client;
mod command;
mod completion_queue;
mod error;
mod gate;
mod log;
mod monitor;
mod simulator;
mod status;

use pyo3::prelude::*;

#[pymodule(gil_used = false)]
fn _clanforge(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<status::Status>()?;
    module.add_class::<call::Call>()?;
    module.add_class::<client::Client>()?;
    module.add_class::<client::Watch>()?;
    module.add_class::<completion_queue::CompletionQueue>()?;
    module.add_class::<completion_queue::CredentialsRequest>()?;
    module.add_class::<completion_queue::Task>()?;
    module.add_class::<monitor::Monitor>()?;
    module.add_class::<simulator::Simulator>()?;
    module.add_function(wrap_pyfunction!(status::describe_counts, module)?)?;
    module.add_function(wrap_pyfunction!(gate::check_gate, module)?)?;
    module.add_function(wrap_pyfunction!(gate::evaluate, module)?)?;
    module.add_function(wrap_pyfunction!(gate::gate_needs_detail, module)?)?;
    module.add_function(wrap_pyfunction!(monitor::check_policy, module)?)?;
    module.add_function(wrap_pyfunction!(simulator::scenarios, module)?)?;
    module.add_function(wrap_pyfunction!(command::main, module)?)?;
    module.add_function(wrap_pyfunction!(error::panic_for_tests, module)?)?;
    module.add_function(wrap_pyfunction!(completion_queue::shut_down, module)?)?;
    module.add_function(wrap_pyfunction!(completion_queue::reset_after_fork, module)?)?;
    Ok(())
}
