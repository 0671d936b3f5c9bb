//! The native half of the Python package `clanforge`.
//!
//! It holds what Python cannot do itself: the client, the decoding and the answers of a status, the gate, the monitor, the
//! simulator and the command. What people see is written in Python, in `python/clanforge`; what crosses the border is a
//! handle to a status, which is looked into only where somebody looks, and small texts of JSON for the rest.

mod call;
mod client;
mod command;
mod error;
mod gate;
mod log;
mod monitor;
mod simulator;
mod status;
mod task;

use pyo3::prelude::*;

#[pymodule(gil_used = false)]
fn _clanforge(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<status::Status>()?;
    module.add_class::<client::Client>()?;
    module.add_class::<client::Watch>()?;
    module.add_class::<task::Mailbox>()?;
    module.add_class::<task::Asked>()?;
    module.add_class::<task::Task>()?;
    module.add_class::<monitor::Monitor>()?;
    module.add_class::<simulator::Simulator>()?;
    module.add_function(wrap_pyfunction!(gate::check_gate, module)?)?;
    module.add_function(wrap_pyfunction!(gate::evaluate, module)?)?;
    module.add_function(wrap_pyfunction!(monitor::check_policy, module)?)?;
    module.add_function(wrap_pyfunction!(simulator::scenarios, module)?)?;
    module.add_function(wrap_pyfunction!(command::main, module)?)?;
    module.add_function(wrap_pyfunction!(error::defect, module)?)?;
    module.add_function(wrap_pyfunction!(task::close, module)?)?;
    module.add_function(wrap_pyfunction!(task::reopen, module)?)?;
    Ok(())
}
