import clanforge.*

/** The program of a user who has added the dependency. */
fun main() {
    Simulation(speed = 600.0).use { service ->
        Client(service.options()).use { client ->
            val image = ImageRef(1234u, 5678u)
            val baseline = client.baselineBlocking(image)
            val policy = Policy(minIntervalSeconds = 0.02, maxIntervalSeconds = 0.2, settleSeconds = 0.0)
            println(client.waitBlocking(image, policy, baseline).throwIfNotReady().kind)
        }
    }
}
