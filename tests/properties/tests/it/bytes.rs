//! Properties of arbitrary bytes, and of almost valid ones.

use proptest::collection::vec;
use proptest::prelude::*;

const DOCUMENTED: &str = r#"{"fleets": {"fleet-1": {"regions": {"region-1": {"name": "North America",
    "pending_machines": 1, "completed_machines": 2}}, "pending_machines": 1, "completed_machines": 2}},
    "pending_machines": 1, "completed_machines": 2}"#;

proptest! {
    #[test]
    fn arbitrary_bytes_satisfy_the_property_of_every_target(bytes in vec(any::<u8>(), 0..200)) {
        for (_, property) in clanforge_properties::TARGETS {
            property(&bytes);
        }
    }

    #[test]
    fn a_status_with_changed_bytes_decodes_or_is_an_error_with_a_path(
        changes in vec((0..DOCUMENTED.len(), any::<u8>()), 1..8),
    ) {
        let mut body = DOCUMENTED.as_bytes().to_vec();
        for (index, byte) in changes {
            body[index] = byte;
        }
        clanforge_properties::body(&body);
    }
}
