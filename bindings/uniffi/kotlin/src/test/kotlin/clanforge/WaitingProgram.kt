package clanforge

/** A user's program, which nothing but its environment points at a simulation. */
object WaitingProgram {
    @JvmStatic
    fun main(arguments: Array<String>): Unit = Client().use { client ->
        val image = ImageRef(1234u, 5678u)
        val outcome = client.waitBlocking(image, baseline = client.baselineBlocking(image))
        println("${outcome.kind} ${outcome.freshness} ${outcome.elapsedSeconds}")
    }
}
