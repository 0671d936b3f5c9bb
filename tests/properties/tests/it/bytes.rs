//! Laws that hold for any bytes, and for those that are nearly right.

use proptest::collection::vec;
use proptest::prelude::*;

const DOCUMENTED: &str = r#"{"fleets": {"fleet-1": {"regions": {"region-1": {"name": "North America",
    "pending_machines": 1, "completed_machines": 2}}, "pending_machines": 1, "completed_machines": 2}},
    "pending_machines": 1, "completed_machines": 2}"#;

proptest! {
    #[test]
    fn any_bytes_keep_the_laws_of_every_target(bytes in vec(any::<u8>(), 0..200)) {
        for (_, law) in clanforge_properties::TARGETS {
            law(&bytes);
        }
    }

    #[test]
    fn a_status_with_bytes_changed_is_an_answer_or_an_error_with_a_path(
        changes in vec((0..DOCUMENTED.len(), any::<u8>()), 1..8),
    ) {
        let mut body = DOCUMENTED.as_bytes().to_vec();
        for (index, byte) in changes {
            body[index] = byte;
        }
        clanforge_properties::body(&body);
    }
}
