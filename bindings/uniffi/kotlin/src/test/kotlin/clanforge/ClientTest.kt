package clanforge

import java.net.ServerSocket
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

private val image = ImageRef(1234u, 5678u)
private val fast = Policy(minIntervalSeconds = 0.02, maxIntervalSeconds = 0.2)

/** What is promised for an end before its time, in milliseconds. */
private const val AT_ONCE = 100

/** Calls, against the simulator and a server that never answers. */
class ClientTest {
    @Test
    fun `it asks, blocking and not`(): Unit = Simulation().use { service ->
        Client(service.settings()).use { client ->
            assertEquals(54uL, client.imageStatusBlocking(image).totalMachines())
            val status = runBlocking { client.imageStatus(image, detail = true) }
            assertEquals(2, status.fleets()!!.size)
            runBlocking { List(32) { async { client.imageStatus(image) } }.awaitAll() }
            assertEquals(34uL, service.requests())
        }
    }

    @Test
    fun `it waits to the end of a rollout, and tells a listener what happens`(): Unit =
        Simulation(speed = 600.0).use { service ->
            Client(service.settings()).use { client ->
                val told = mutableListOf<Update>()
                val listener = object : UpdateListener {
                    override fun onUpdate(update: Update) {
                        told += update
                    }
                }
                val outcome = runBlocking { client.wait(image, fast, client.baseline(image), listener = listener) }
                assertEquals(OutcomeKind.READY to Freshness.OBSERVED, outcome.kind to outcome.freshness)
                assertEquals(outcome, outcome.throwIfNotReady())
                assertTrue(told.dropLast(1).all { it is Update.Reading })
                assertEquals(outcome.reason, (told.last() as Update.Ended).outcome.reason)
            }
        }

    @Test
    fun `it waits while it blocks`(): Unit = Simulation("failures-stay", speed = 600.0).use { service ->
        Client(service.settings()).use { client ->
            val outcome = client.waitBlocking(image, fast, client.baselineBlocking(image))
            assertEquals(OutcomeKind.FAILED, outcome.kind)
            assertEquals(outcome.reason, assertThrows<NotReadyException> { outcome.throwIfNotReady() }.message)
        }
    }

    @Test
    fun `a flow has every update, and the waiting ends where it is left`(): Unit = Simulation(speed = 600.0).use { service ->
        Client(service.settings()).use { client ->
            runBlocking {
                val updates = client.updates(image, fast.copy(gate = Gate(per = Per.REGION)), client.baseline(image)).toList()
                assertTrue((updates.last() as Update.Ended).outcome.isReady)
                assertTrue(client.updates(image).first() is Update.Reading)
            }
            val requests = service.requests()
            Thread.sleep(300)
            assertEquals(requests, service.requests())
        }
    }

    @Test
    fun `cancelling the coroutine ends a call at once, and closes its connection`() = cancels { client -> client.imageStatus(image) }

    @Test
    fun `cancelling the coroutine ends a wait at once, and closes its connection`() = cancels { client -> client.wait(image) }

    @Test
    fun `cancelling the coroutine ends a flow at once, and closes its connection`() = cancels { client -> client.updates(image).toList() }

    private fun cancels(call: suspend (Client) -> Any): Unit = Silent().use { server ->
        Client(ClientSettings(baseUrl = server.url, token = "t")).use { client ->
            runBlocking {
                val job = launch(Dispatchers.Default) { call(client) }
                withContext(Dispatchers.IO) { server.asked.get(10, TimeUnit.SECONDS) }
                val cancelled = System.nanoTime()
                job.cancel()
                job.join()
                assertTrue(millisSince(cancelled) < AT_ONCE)
                val closed = withContext(Dispatchers.IO) { server.closed.get(10, TimeUnit.SECONDS) }
                assertTrue((closed - cancelled) / 1_000_000 < AT_ONCE)
            }
        }
    }

    @Test
    fun `a cancellation ends what it was given to`(): Unit = Silent().use { server ->
        Client(ClientSettings(baseUrl = server.url, token = "t")).use { client ->
            val cancellation = Cancellation()
            runBlocking {
                val call = async(Dispatchers.Default) {
                    assertThrows<ClanforgeException.Cancelled> { runBlocking { client.wait(image, cancellation = cancellation) } }
                }
                withContext(Dispatchers.IO) { server.asked.get(10, TimeUnit.SECONDS) }
                cancellation.cancel()
                call.await()
            }
            assertTrue(cancellation.isCancelled())
            server.closed.get(10, TimeUnit.SECONDS)
        }
    }

    @Test
    fun `an error has its fields, and no secret`(): Unit = Simulation().use { service ->
        val settings = service.settings().copy(accessKey = "canary-key", secretKey = "canary-secret")
        Client(settings).use { client ->
            val error = assertThrows<ClanforgeException> { client.imageStatusBlocking(image) }
            assertTrue(error.fields.status!!.toInt() in listOf(401, 403))
            assertEquals(1u, error.fields.attempts)
            assertFalse("canary" in error.toString() + error.reason + error.fields + error.stackTraceToString())
        }
    }

    @Test
    fun `bad input is refused by name`() {
        for ((said, make) in mapOf<String, () -> Any>(
            "no credentials" to { Client(ClientSettings()) },
            "one key without its other half" to { Client(ClientSettings(accessKey = "k")) },
            "invalid timeout of -1" to { Client(ClientSettings(token = "t", timeoutSeconds = -1.0)) },
            "101%" to { gateNeedsDetail(Gate(maxFailed = "101%")) },
            "min_interval" to { Monitor(image, Policy(minIntervalSeconds = 5.0, maxIntervalSeconds = 1.0)) },
            "a timeout of 5 seconds, and none" to { Monitor(image, Policy(timeoutSeconds = 5.0, noTimeout = true)) },
            "no scenario is called" to { Simulation("nothing") },
        )) {
            val reason = assertThrows<ClanforgeException.Configuration> { make() }.reason
            assertTrue(said in reason, reason)
        }
    }

    @Test
    fun `a baseline is what the command writes`(): Unit = Simulation().use { service ->
        Client(service.settings()).use { client ->
            val baseline = client.baselineBlocking(image)
            val again = baselineFromJson(baselineToJson(baseline))
            assertEquals(baseline.image to baseline.status, again.image to again.status)
        }
    }
}

private fun millisSince(moment: Long): Long = (System.nanoTime() - moment) / 1_000_000

/** A server that takes connections and never answers; it notes when a client closes one. */
private class Silent : AutoCloseable {
    private val listener = ServerSocket(0)
    val url = "http://127.0.0.1:${listener.localPort}"
    val asked = CompletableFuture<Unit>()
    val closed = CompletableFuture<Long>()

    init {
        thread(isDaemon = true) {
            runCatching {
                while (true) {
                    val socket = listener.accept()
                    thread(isDaemon = true) {
                        runCatching {
                            val buffer = ByteArray(65536)
                            while (socket.getInputStream().read(buffer) > 0) asked.complete(Unit)
                        }
                        closed.complete(System.nanoTime())
                    }
                }
            }
        }
    }

    override fun close() = listener.close()
}
