package clanforge

/** Passes the warnings of this library to the logger `clanforge` of the JVM. The generated code sets it when it loads the library. */
internal object SystemLogger : Logger {
    private val logger = System.getLogger("clanforge")

    override fun warn(message: String) = logger.log(System.Logger.Level.WARNING, message)
}
