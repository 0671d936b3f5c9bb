package clanforge

import java.io.IOException
import java.net.ServerSocket
import java.net.Socket
import java.net.SocketTimeoutException
import java.nio.file.Path
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import java.util.logging.Handler
import java.util.logging.LogRecord
import java.util.logging.Logger
import kotlin.concurrent.thread
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTimeoutPreemptively
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

private val image = ImageRef(1234u, 5678u)
/** A wait that ends with its first reading. */
private val once = Policy(startGraceSeconds = 0.0, settleSeconds = 0.0)

/** How long a test waits for an event before it fails, in seconds. No assertion depends on it. */
private const val LONG = 60L

/** Calls to the simulator, and to a server that never responds. */
class ClientTest {
    @Test
    fun `blocking and suspending calls return statuses`(): Unit = Simulation().use { service ->
        Client(service.options()).use { client ->
            assertEquals(54uL, client.imageStatusBlocking(image).totalMachines())
            val status = runBlocking { client.imageStatus(image, detail = true) }
            assertEquals(2, status.fleets()!!.size)
            runBlocking { List(32) { async { client.imageStatus(image) } }.awaitAll() }
            assertEquals(34uL, service.requests())
        }
    }

    @Test
    fun `a wait calls its listener with the readings and returns the outcome`(): Unit =
        Simulation().use { service ->
            Client(service.options()).use { client ->
                val updates = mutableListOf<Update>()
                val listener = object : UpdateListener {
                    override fun onUpdate(update: Update) {
                        updates += update
                    }
                }
                val outcome = runBlocking { client.wait(image, baseline = client.baseline(image), listener = listener) }
                assertEquals(OutcomeKind.READY to Freshness.OBSERVED, outcome.kind to outcome.freshness)
                assertEquals(outcome, outcome.throwIfNotReady())
                assertTrue(updates.dropLast(1).all { it is Update.Reading })
                assertEquals(outcome.reason, (updates.last() as Update.Outcome).outcome.reason)
            }
        }

    @Test
    fun `a blocking wait returns the outcome`(): Unit = Simulation("failures-stay").use { service ->
        Client(service.options()).use { client ->
            val outcome = client.waitBlocking(image, baseline = client.baselineBlocking(image))
            assertEquals(OutcomeKind.FAILED to 1, outcome.kind to outcome.exitCode())
            assertEquals(outcome.reason, outcome.toString())
            assertEquals(outcome.reason, assertThrows<NotReadyException> { outcome.throwIfNotReady() }.message)
        }
    }

    @Test
    fun `an untouched program skips time in the environment of a simulation`(): Unit = Simulation().use { service ->
        val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
        val program = ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), "clanforge.WaitingProgram")
        program.environment() += service.environment()
        val process = program.redirectError(ProcessBuilder.Redirect.INHERIT).start()
        try {
            assertTrue(process.waitFor(LONG, TimeUnit.SECONDS), "the wait sleeps")
            val (kind, freshness, elapsedSeconds) = process.inputReader().readText().trim().split(" ")
            assertEquals("READY" to "OBSERVED", kind to freshness)
            assertTrue(elapsedSeconds.toDouble() > LONG, elapsedSeconds)
        } finally {
            process.destroyForcibly()
        }
    }

    @Test
    fun `a ready outcome that is only assumed logs one warning`(): Unit = Simulation().use { service ->
        val warnings = mutableListOf<String>()
        val handler = object : Handler() {
            override fun publish(record: LogRecord) {
                warnings += "${record.level} ${record.message}"
            }

            override fun flush() = Unit

            override fun close() = Unit
        }
        val logger = Logger.getLogger("clanforge")
        logger.addHandler(handler)
        try {
            Client(service.options()).use { client ->
                val blocking = client.waitBlocking(image, once)
                assertEquals(OutcomeKind.READY to Freshness.ASSUMED, blocking.kind to blocking.freshness)
                runBlocking {
                    client.wait(image, once)
                    client.updates(image, once).toList()
                }
            }
        } finally {
            logger.removeHandler(handler)
        }
        val warning = "WARNING image 5678 of account service 1234: ready is only assumed: the start of the rollout was not observed"
        assertEquals(List(3) { warning }, warnings)
    }

    @Test
    fun `a blocking call in the listener of a wait is an error`(): Unit = Simulation().use { service ->
        Client(service.options()).use { client ->
            val reasons = mutableListOf<String>()
            val listener = object : UpdateListener {
                override fun onUpdate(update: Update) {
                    reasons += assertThrows<ClanforgeException.Configuration> { client.imageStatusBlocking(image) }.reason
                }
            }
            client.waitBlocking(image, once, listener = listener)
            runBlocking { client.wait(image, once, listener = listener) }
            assertEquals(setOf("blocking call in the listener of a wait, which would block the wait: make it on another thread"), reasons.toSet())
        }
    }

    @Test
    fun `a flow has every update, and closes its connection when it is left`(): Unit = Simulation().use { service ->
        Client(service.options()).use { client ->
            runBlocking {
                val updates = client.updates(image, Policy(gate = Gate(per = Per.REGION)), client.baseline(image)).toList()
                assertTrue((updates.last() as Update.Outcome).outcome.isReady())
                assertTrue(client.updates(image).first() is Update.Reading)
            }
            val requests = service.requests()
            assertTimeoutPreemptively(Duration.ofSeconds(LONG)) { while (service.openConnections() > 0uL) Thread.sleep(10) }
            assertEquals(requests, service.requests())
        }
    }

    @Test
    fun `cancelling the coroutine ends a call and closes its connection`() = cancels { client -> client.imageStatus(image) }

    @Test
    fun `cancelling the coroutine ends a wait and closes its connection`() = cancels { client -> client.wait(image) }

    @Test
    fun `cancelling the coroutine ends a flow and closes its connection`() = cancels { client -> client.updates(image).toList() }

    private fun cancels(call: suspend (Client) -> Any): Unit = SilentServer().use { server ->
        Client(patient(server)).use { client ->
            runBlocking {
                val job = launch(Dispatchers.Default) { call(client) }
                withContext(Dispatchers.IO) { server.receivedRequest.get(LONG, TimeUnit.SECONDS) }
                job.cancel()
                withTimeout(LONG * 1000) { job.join() }
                withContext(Dispatchers.IO) { server.closedByClient.get(2 * LONG, TimeUnit.SECONDS) }
            }
        }
    }

    @Test
    fun `a cancellation ends the call that it was given to`(): Unit = SilentServer().use { server ->
        Client(patient(server)).use { client ->
            val cancellation = Cancellation()
            runBlocking {
                val call = async(Dispatchers.Default) {
                    assertThrows<ClanforgeException.Cancelled> { runBlocking { client.wait(image, cancellation = cancellation) } }
                }
                withContext(Dispatchers.IO) { server.receivedRequest.get(LONG, TimeUnit.SECONDS) }
                cancellation.cancel()
                call.await()
            }
            assertTrue(cancellation.isCancelled())
            server.closedByClient.get(2 * LONG, TimeUnit.SECONDS)
        }
    }

    @Test
    fun `closing the client ends a call and closes its connection`() = closes { client -> client.imageStatusBlocking(image) }

    @Test
    fun `closing the client ends a wait and closes its connection`() = closes { client -> runBlocking { client.wait(image) } }

    @Test
    fun `closing the client ends a flow and closes its connection`() = closes { client -> runBlocking { client.updates(image).toList() } }

    private fun closes(call: (Client) -> Any): Unit = SilentServer().use { server ->
        val client = Client(patient(server))
        val ended = CompletableFuture.supplyAsync { assertThrows<ClanforgeException.Configuration> { call(client) } }
        server.receivedRequest.get(LONG, TimeUnit.SECONDS)
        client.close()
        assertEquals("the client was closed during the call", ended.get(LONG, TimeUnit.SECONDS).reason)
        server.closedByClient.get(2 * LONG, TimeUnit.SECONDS)
    }

    @Test
    fun `closing the client between two readings ends the wait without another request`(): Unit = Simulation(speed = 1.0).use { service ->
        val client = Client(service.options())
        val reading = CompletableFuture<Unit>()
        val listener = object : UpdateListener {
            override fun onUpdate(update: Update) {
                reading.complete(Unit)
            }
        }
        val slow = Policy(minIntervalSeconds = 3600.0, maxIntervalSeconds = 3600.0)
        val ended = CompletableFuture.supplyAsync {
            assertThrows<ClanforgeException.Configuration> { client.waitBlocking(image, slow, listener = listener) }
        }
        reading.get(LONG, TimeUnit.SECONDS)
        client.close()
        assertEquals("the client was closed during the call", ended.get(LONG, TimeUnit.SECONDS).reason)
        assertEquals(1uL, service.requests())
    }

    @Test
    fun `a simulation starts a rollout and advances its clock`(): Unit = Simulation().use { service ->
        service.startRollout(image.imageId)
        val before = service.nowSeconds()
        service.advance(600.0)
        assertEquals(before + 600, service.nowSeconds(), LONG.toDouble())
        Client(service.options()).use { client -> assertTrue(client.imageStatusBlocking(image).pendingMachines() > 0uL) }
        val received = service.received().single()
        assertEquals(listOf(1uL, "GET"), listOf(service.requests(), received.method))
        assertTrue("/image/5678/" in received.target, received.target)
        assertEquals(service.nowSeconds(), received.seconds, LONG.toDouble())
    }

    @Test
    fun `a simulation fails on request`(): Unit = Simulation().use { service ->
        Client(service.options().copy(retries = 0u)).use { client ->
            service.failNext(count = 2u, status = 404u)
            repeat(2) { assertThrows<ClanforgeException.NotFound> { client.imageStatusBlocking(image) } }
            service.failNext()
            val error = assertThrows<ClanforgeException.Server> { client.imageStatusBlocking(image) }
            assertEquals(503, error.fields.status?.toInt())
            service.outage(3600.0)
            assertThrows<ClanforgeException.Connection> { client.imageStatusBlocking(image) }
            service.advance(3600.0)
            assertTrue(client.imageStatusBlocking(image).isReady())
            assertThrows<ClanforgeException.Configuration> { service.advance(-1.0) }
            assertThrows<ClanforgeException.Configuration> { service.failNext(status = 1u) }
        }
    }

    @Test
    fun `an error has its fields, and no secret`(): Unit = Simulation().use { service ->
        val settings = service.options().copy(accessKey = "canary-key", secretKey = "canary-secret")
        Client(settings).use { client ->
            val error = assertThrows<ClanforgeException> { client.imageStatusBlocking(image) }
            assertTrue(error.fields.status!!.toInt() in listOf(401, 403))
            assertEquals(1u, error.fields.attempts)
            assertFalse("canary" in error.toString() + error.reason + error.fields + error.stackTraceToString())
        }
    }

    @Test
    fun `an error has the exit code of the command`() {
        val error = assertThrows<ClanforgeException.Configuration> { Client(ClientOptions(accessKey = "k")) }
        assertEquals(2, error.fields.exitCode)
        assertEquals(4, ErrorKind.AUTHENTICATION.exitCode())
    }

    @Test
    fun `invalid input is named in the error`() {
        val client = Client(ClientOptions(token = "t"))
        val status = ImageStatus(MachineCounts(0u, 0u, 0u))
        for ((message, make) in mapOf<String, () -> Any>(
            "no credentials" to { Client() },
            "`accessKey` is set and `secretKey` is not" to { Client(ClientOptions(accessKey = "k")) },
            "invalid `timeoutSeconds` -1: expected a number of seconds from 0 to 1000000000" to { Client(ClientOptions(token = "t", timeoutSeconds = -1.0)) },
            "invalid `timeoutSeconds` NaN" to { Monitor(image, Policy(timeoutSeconds = Double.NaN)) },
            "invalid `maxFailed`: invalid limit `101%`" to { Gate(maxFailed = "101%").needsDetail() },
            "invalid `evidence`" to { Policy(evidence = "half").toJson() },
            "minIntervalSeconds (5 s) is longer than maxIntervalSeconds (1 s)" to { Monitor(image, Policy(minIntervalSeconds = 5.0, maxIntervalSeconds = 1.0)) },
            "invalid `timeoutSeconds` -1: expected a number of seconds from 0" to { client.imageStatusBlocking(image, timeoutSeconds = -1.0) },
            "`timeoutSeconds` must be longer than 0 s" to { client.imageStatusBlocking(image, timeoutSeconds = 0.0) },
            "invalid `elapsedSeconds` -1" to { Monitor(image).observeStatus(-1.0, status) },
            "invalid `ageSeconds` NaN" to { Monitor(image).observeStatus(0.0, status, Double.NaN) },
            "invalid `retryAfterSeconds` -1" to
                { Monitor(image).observeFailure(0.0, ReadFailure(ErrorKind.SERVER, "failed", retryAfterSeconds = -1.0)) },
            "no scenario is called" to { Simulation("nothing") },
        )) {
            val reason = assertThrows<ClanforgeException.Configuration> { make() }.reason
            assertTrue(message in reason, reason)
        }
    }

    @Test
    fun `a baseline survives a round trip through JSON`(): Unit = Simulation().use { service ->
        Client(service.options()).use { client ->
            val baseline = client.baselineBlocking(image)
            val again = baselineFromJson(baseline.toJson())
            assertEquals(baseline.image to baseline.status, again.image to again.status)
        }
    }
}

/** Settings with which a call ends only by cancellation. */
private fun patient(server: SilentServer) =
    ClientOptions(baseUrl = server.url, token = "t", timeoutSeconds = 3600.0, attemptTimeoutSeconds = 3600.0, retries = 0u)

/**
 * A server that accepts connections and never responds. It records when a client closes its connection; where a client keeps a
 * connection open, the server closes it in the end.
 */
private class SilentServer : AutoCloseable {
    private val listener = ServerSocket(0)
    val url = "http://127.0.0.1:${listener.localPort}"
    val receivedRequest = CompletableFuture<Unit>()
    val closedByClient = CompletableFuture<Unit>()

    init {
        thread(isDaemon = true) { runCatching { while (true) serve(listener.accept()) } }
    }

    private fun serve(socket: Socket) = thread(isDaemon = true) {
        socket.use {
            socket.soTimeout = LONG.toInt() * 1000
            val buffer = ByteArray(65536)
            try {
                while (socket.getInputStream().read(buffer) > 0) receivedRequest.complete(Unit)
                closedByClient.complete(Unit)
            } catch (error: SocketTimeoutException) {
                closedByClient.completeExceptionally(error)
            } catch (_: IOException) {
                closedByClient.complete(Unit)
            }
        }
    }

    override fun close() = listener.close()
}
