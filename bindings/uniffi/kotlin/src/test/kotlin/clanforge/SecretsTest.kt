package clanforge

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.ObjectMapper
import java.io.File
import java.util.Base64
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Canaries: credentials that must not appear anywhere, even if a service repeats them. */
class SecretsTest {
    private val image = ImageRef(1234u, 5678u)
    private val keys = ClientOptions(accessKey = "canary-key-1f2e3d", secretKey = "canary-secret-4c5b6a")
    private val kinds = listOf(keys, keys.copy(authScheme = AuthScheme.SIGV4), ClientOptions(token = "canary-token-7a8b9c"))
    private val encoded = Base64.getEncoder().encodeToString("canary-".toByteArray()).take(8)

    private fun assertClean(vararg texts: Any?) = texts.map { it.toString() }.forEach {
        assertFalse(it.contains("canary", ignoreCase = true), it)
        assertFalse(encoded in it, it)
        assertFalse("Signature=" in it.replace("Signature=[redacted]", ""), it)
    }

    private fun assertClean(error: ClanforgeException) =
        assertClean(error, error.message, error.localizedMessage, error.reason, error.fields, error.stackTraceToString())

    /** Starts services that repeat the credentials of a request in every part of their response. */
    private fun withEchoes(test: (List<String>) -> Unit) {
        val program = ProcessBuilder("${System.getenv("CARGO_TARGET_DIR") ?: "../../../target"}/debug/clanforge-test-faults", "echoes")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
        val echoes: JsonNode = ObjectMapper().readTree(program.inputReader().readLine())
        test(echoes["urls"].map { it.asText() })
        assertFalse(File(echoes["followed"].asText()).exists(), "credentials were sent to another origin")
        program.outputStream.close()
        assertEquals(0, program.waitFor())
    }

    @Test
    fun `errors of calls hold no secret`() = withEchoes { urls ->
        assertTrue(urls.size > 60)
        for (settings in kinds) for (url in urls) {
            Client(settings.copy(baseUrl = url, retries = 0u)).use { client ->
                assertClean(assertThrows<ClanforgeException> { client.imageStatusBlocking(image) })
                assertClean(assertThrows<ClanforgeException> { runBlocking { client.imageStatus(image) } })
                assertClean(client)
            }
        }
    }

    @Test
    fun `updates of a wait hold no secret`() = withEchoes { urls ->
        var seen = 0
        val policy = Policy(timeoutSeconds = 0.1, minIntervalSeconds = 0.02, maxIntervalSeconds = 0.05)
        val listener = object : UpdateListener {
            override fun onUpdate(update: Update) {
                assertClean(update)
                seen += 1
            }
        }
        for (settings in kinds) for (url in urls.filterIndexed { number, _ -> number % 5 == 0 }) {
            Client(settings.copy(baseUrl = url)).use { client ->
                try {
                    assertClean(client.waitBlocking(image, policy, listener = listener))
                } catch (error: ClanforgeException) {
                    assertClean(error)
                }
            }
        }
        assertTrue(seen > 10)
    }

    @Test
    fun `settings do not show their secrets`() {
        for (settings in kinds) assertClean(settings, "$settings", listOf(settings))
        val addresses = keys.copy(
            baseUrl = "https://canary:canary@service.example/canary?canary",
            proxy = "http://canary:canary@proxy.example",
        )
        assertClean(addresses)
        assertEquals("ClientOptions(…)", addresses.toString())
        for (url in listOf("http://service.example", "http://192.0.2.1:8080")) for (settings in kinds) {
            val error = assertThrows<ClanforgeException.Configuration> { Client(settings.copy(baseUrl = url)) }
            assertTrue("cross the network in clear text" in error.reason)
            assertClean(error)
        }
    }

    @Test
    fun `keys sign requests with the auth scheme sigv4`(): Unit = Simulation().use { service ->
        Client(service.options().copy(token = null, authScheme = AuthScheme.SIGV4)).use { client ->
            assertEquals(54uL, client.imageStatusBlocking(image).totalMachines())
        }
    }
}
