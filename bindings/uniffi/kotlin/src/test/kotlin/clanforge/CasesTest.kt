package clanforge

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.ObjectMapper
import java.io.File
import java.util.Base64
import kotlin.math.abs
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.assertThrows

private val json = ObjectMapper()
private val image = ImageRef(1234u, 5678u)

/** The shared cases, which have the same result in every language, run through the public API. */
class CasesTest {
    @Test
    fun `a recording has its waits with their updates`() {
        val text = File("../../../tests/recordings/refusal.jsonl").readText()
        val wait = parseRecording(text).single()
        assertEquals(listOf(ImageRef(1234u, 5678u), null, "2026-11-27T03:07:34Z"), listOf(wait.image, wait.baseline, wait.time))
        assertEquals(10.0, wait.policy.startGraceSeconds)
        assertEquals(7, wait.updates.size)
        assertEquals(OutcomeKind.READY, (wait.updates.last() as Update.Outcome).outcome.kind)
        assertThrows<ClanforgeException> { parseRecording("{}") }
    }

    private val folder = File("../../../tests/cases")

    @TestFactory
    fun `a shared case has its expected result`(): List<DynamicTest> {
        val kinds = mapOf("decode" to ::decode, "summary" to ::summary, "gate" to ::gate, "monitor" to ::monitor)
        return kinds.flatMap { (kind, run) ->
            val files = File(folder, kind).listFiles { file -> file.extension == "json" }!!.sorted()
            assertTrue(files.isNotEmpty())
            files.flatMap { file ->
                val content = json.readTree(file)
                assertEquals(kind, content["kind"].asText())
                // No monitor is restored in Kotlin.
                content["cases"].filterNot { it.has("has_started") }.map { each ->
                    dynamicTest("$kind/${file.nameWithoutExtension}: ${each["name"].asText()}") { run(each) }
                }
            }
        }
    }

    private fun decode(case: JsonNode) {
        val body = case["body_base64"]?.let { Base64.getDecoder().decode(it.asText()) } ?: case["body"].asText().toByteArray()
        val expected = case["expect"]
        when {
            expected.has("status") -> {
                val status = ImageStatus.fromBytes(body)
                assertEquals(expected["status"], json.readTree(status.toJson()))
                assertEquals(status, ImageStatus(status.counts(), status.fleets()))
            }
            expected.has("api_error") -> {
                val error = assertThrows<ClanforgeException.Api> { ImageStatus.fromBytes(body) }
                assertEquals(expected["api_error"]["message"].asText(), error.fields.apiMessage)
                assertEquals(expected["api_error"]["code"].textOrNull(), error.fields.apiCode)
            }
            else -> {
                val error = assertThrows<ClanforgeException.Decode> { ImageStatus.fromBytes(body) }
                assertEquals(expected["decode_error"]["path"].asText(), error.fields.jsonPath)
                assertContains(error.reason, expected["decode_error"]["contains"])
            }
        }
    }

    private fun summary(case: JsonNode) {
        val status = statusOf(case["status"])
        val expected = case["expect"]
        assertEquals(expected["readiness"].asText(), status.readiness().name.lowercase())
        assertEquals(expected["is_ready"].asBoolean(), status.isReady())
        assertEquals(expected["total_machines"].asText(), status.totalMachines().toString())
        assertEquals(expected["percent_text"].asText(), status.percentText())
        assertNear(expected["percent_complete"].doubleOrNull(), status.percentComplete(), 1e-7)
        assertEquals(expected["failed_regions"], rows(status.failedRegions()))
        assertEquals(expected["pending_regions"], rows(status.pendingRegions()))
        assertEquals(expected["regions"], rows(status.regions()))
        assertEquals(expected["mismatches"], tree(status.mismatches()?.map {
            mapOf("fleet_id" to it.fleetId, "stated" to counts(it.stated), "summed" to counts(it.summed))
        }))
        // The counts alone have the same properties.
        assertEquals(status.readiness(), status.counts().readiness())
        assertEquals(status.percentComplete(), status.counts().percentComplete())
    }

    private fun gate(case: JsonNode) {
        val expected = case["expect"]
        if (expected.has("invalid")) {
            val error = assertThrows<ClanforgeException.Configuration> { gateFromJson(case["gate"].toString()) }
            assertContains(error.reason, expected["invalid"])
            return
        }
        val gate = gateFromJson(case["gate"].toString())
        val status = statusOf(case["status"])
        val verdict = evaluate(gate, status)
        assertEquals(expected["needs_detail"].asBoolean(), gate.needsDetail())
        assertEquals(expected["ready"].asBoolean(), verdict.ready)
        assertEquals(expected["reason"].asText(), verdict.toString())
        assertEquals(expected["scopes"], json.readTree(verdict.toJson())["scopes"])
        assertEquals(expected["scopes"].size(), verdict.scopes.size)
        expected["scopes"].zip(verdict.scopes).forEach { (scope, judged) ->
            assertEquals(scope["scope"]["kind"].asText(), judged.scope.kind)
            assertEquals(scope["scope"]["fleet_id"]?.asText(), judged.scope.fleetId)
            assertEquals(scope["scope"]["region_id"]?.asText(), judged.scope.regionId)
            assertEquals(scope["counts"], tree(judged.counts?.let(::counts)))
            assertEquals(
                scope["shortfalls"].map { listOf(it["count"].asText(), it["have"].asText(), it["limit"].asText(), it["share"]?.asText()) },
                judged.shortfalls.map { listOf(it.count.name.lowercase(), it.have.toString(), it.limit.toString(), it.share) },
            )
        }
        assertEquals(gate, gateFromJson(gate.toJson()))
    }

    private fun monitor(case: JsonNode) {
        val expected = case["expect"]
        if (expected.has("invalid")) {
            val error = assertThrows<ClanforgeException.Configuration> { monitorOf(case) }
            assertContains(error.reason, expected["invalid"])
            return
        }
        val monitor = monitorOf(case)
        case["readings"].forEachIndexed { index, reading ->
            val at = reading["at"].asDouble()
            val step = if (reading.has("error")) {
                val kind = reading["error"].asText()
                val (retryAfter, serviceMessage) = reading["retry_after"].doubleOrNull() to reading["service_message"].textOrNull()
                monitor.observeFailure(at, ReadFailure(ErrorKind.valueOf(kind.uppercase()), "a $kind error", null, retryAfter, serviceMessage))
            } else {
                monitor.observeStatus(at, statusOf(reading["counts"] ?: reading["status"]), reading["age"].doubleOrNull() ?: 0.0)
            }
            reading["expect"]?.let { compareStep(it, step) }
            if (step.nextReadingSeconds == null) {
                assertEquals(case["readings"].size(), index + 1, "it ends at $at s")
                when (val outcome = step.outcome) {
                    null -> assertEquals(at, expected["gives_up"].asDouble())
                    else -> compareOutcome(expected, outcome)
                }
                return
            }
        }
        assertTrue(expected["goes_on"].asBoolean())
    }

    private fun monitorOf(case: JsonNode): Monitor {
        val policy = policyFromJson(case["policy"]?.toString() ?: "{}")
        val baseline = case["baseline"]?.let { Baseline(image, statusOf(it)) }
        return Monitor(image, policy, baseline)
    }

    private fun compareStep(expected: JsonNode, step: Step) {
        expected["next_between"]?.let {
            assertTrue(step.nextReadingSeconds!! in it[0].asDouble()..it[1].asDouble(), "${step.nextReadingSeconds} s")
        }
        if (expected.has("next")) assertNear(expected["next"].doubleOrNull(), step.nextReadingSeconds, 1e-6)
        val reading = (step.update as? Update.Reading)?.reading
        expected["freshness"]?.let {
            val freshness = reading?.freshness ?: (step.update as Update.Outcome).outcome.freshness
            assertEquals(it.asText(), freshness.name.lowercase())
        }
        expected["has_estimate"]?.let { assertEquals(it.asBoolean(), reading!!.estimate != null) }
        expected["inconsistent"]?.let { assertEquals(it.asBoolean(), reading!!.inconsistent) }
        expected["message"]?.let { assertEquals(it.asText(), reading!!.message) }
        expected["warnings"]?.let { assertEquals(it.map(JsonNode::asText), reading!!.warnings) }
        expected["error"]?.let { assertEquals(it.asText(), (step.update as Update.ReadFailed).readFailed.error.message) }
    }

    private fun compareOutcome(expected: JsonNode, outcome: Outcome) {
        assertEquals(expected["outcome"].asText(), outcome.kind.name.lowercase())
        assertEquals(outcome.kind == OutcomeKind.READY, outcome.isReady())
        assertEquals(expected["freshness"].asText(), outcome.freshness.name.lowercase())
        assertNear(expected["at"].asDouble(), outcome.elapsedSeconds, 1e-6)
        assertEquals(expected["readings"].asText(), outcome.readings.toString())
        assertEquals(expected["errors"].asText(), outcome.errors.toString())
        if (expected.has("status_age")) assertNear(expected["status_age"].doubleOrNull(), outcome.statusAgeSeconds, 1e-6)
        assertContains(outcome.reason, expected["reason"])
        assertEquals(outcome.reason, json.readTree(outcome.toJson())["reason"].asText())
    }

    private fun statusOf(value: JsonNode): ImageStatus = when {
        value.isArray -> {
            val (pending, failed, completed) = value.map { it.asText().toULong() }
            ImageStatus(MachineCounts(pending, failed, completed), null)
        }
        else -> ImageStatus.fromJson(value.toString())
    }

    private fun counts(counts: MachineCounts) = mapOf(
        "pending_machines" to counts.pendingMachines,
        "failed_machines" to counts.failedMachines,
        "completed_machines" to counts.completedMachines,
    )

    private fun rows(rows: List<RegionRow>?): JsonNode = tree(rows?.map {
        mapOf("fleet_id" to it.fleetId, "region_id" to it.regionId, "name" to it.name) + counts(it.counts)
    })

    /** Converts by way of text, so that numbers have the same types as in the cases. */
    private fun tree(value: Any?): JsonNode = json.readTree(write(value))

    private fun write(value: Any?): String = when (value) {
        is Map<*, *> -> value.entries.joinToString(",", "{", "}") { (name, inner) -> "${json.writeValueAsString(name)}:${write(inner)}" }
        is List<*> -> value.joinToString(",", "[", "]") { write(it) }
        is ULong -> value.toString()
        else -> json.writeValueAsString(value)
    }

    private fun assertNear(expected: Double?, actual: Double?, within: Double) {
        if (expected == null) assertNull(actual)
        else {
            assertNotNull(actual)
            assertTrue(abs(expected - actual!!) <= within, "$actual is not $expected")
        }
    }

    private fun assertContains(text: String, parts: JsonNode) =
        parts.forEach { assertTrue(it.asText() in text, "${it.asText()} is not in: $text") }
}

private fun JsonNode?.textOrNull(): String? = if (this == null || isNull) null else asText()

private fun JsonNode?.doubleOrNull(): Double? = if (this == null || isNull) null else asDouble()
