package clanforge

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * Waits as [Client.wait] does, and returns a flow of the updates; the last is the outcome.
 *
 * Collecting the flow starts a wait, for each collector its own. Leaving or cancelling the collection ends the wait within
 * 100 ms and closes its connection.
 */
fun Client.updates(
    image: ImageRef,
    policy: Policy? = null,
    baseline: Baseline? = null,
    detail: Boolean = false,
    seed: ULong? = null,
): Flow<Update> = flow {
    watch(image, policy, baseline, detail, seed).use { watch ->
        try {
            while (true) emit(watch.next() ?: break)
        } finally {
            watch.stop()
        }
    }
}

/** A wait ended without being ready. */
class NotReadyException(
    /** How it ended. */
    val outcome: Outcome,
) : Exception(outcome.reason)

/**
 * Returns this outcome where it is ready.
 *
 * @throws NotReadyException where it is not.
 */
fun Outcome.throwIfNotReady(): Outcome = if (isReady) this else throw NotReadyException(this)

/** What happened, to what, why and what to do, in one line without secrets. */
val ClanforgeException.reason: String
    get() = parts().first

/** Everything else that is known of an error: the HTTP status, the error message of the response body, the causes. */
val ClanforgeException.fields: ErrorFields
    get() = parts().second

private fun ClanforgeException.parts(): Pair<String, ErrorFields> = when (this) {
    is ClanforgeException.Configuration -> reason to fields
    is ClanforgeException.Authentication -> reason to fields
    is ClanforgeException.PermissionDenied -> reason to fields
    is ClanforgeException.NotFound -> reason to fields
    is ClanforgeException.RateLimited -> reason to fields
    is ClanforgeException.Server -> reason to fields
    is ClanforgeException.Api -> reason to fields
    is ClanforgeException.Redirect -> reason to fields
    is ClanforgeException.Connection -> reason to fields
    is ClanforgeException.Timeout -> reason to fields
    is ClanforgeException.Decode -> reason to fields
    is ClanforgeException.Cancelled -> reason to fields
    is ClanforgeException.Internal -> reason to fields
}
