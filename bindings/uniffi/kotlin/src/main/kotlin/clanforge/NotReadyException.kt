package clanforge

/** A wait did not end as ready. */
class NotReadyException(
    /** The outcome of the wait. */
    val outcome: Outcome,
) : Exception(outcome.reason)

/**
 * Returns this outcome if it is ready.
 *
 * @throws NotReadyException if it is not.
 */
fun Outcome.throwIfNotReady(): Outcome = if (isReady()) this else throw NotReadyException(this)
