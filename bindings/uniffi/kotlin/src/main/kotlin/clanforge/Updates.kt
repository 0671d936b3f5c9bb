package clanforge

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * Waits as [Client.wait] does, and returns a flow of the updates; the last is the outcome.
 *
 * Collecting the flow starts a wait, and each collector starts its own. Leaving or cancelling the collection ends the wait within
 * 100 ms, and closes its connection.
 */
fun Client.updates(
    image: ImageRef,
    policy: Policy? = null,
    baseline: Baseline? = null,
    detail: Boolean = false,
    seed: ULong? = null,
): Flow<Update> = flow {
    watch(image, policy, baseline, detail, seed).use { watch ->
        while (true) emit(watch.next() ?: break)
    }
}

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
