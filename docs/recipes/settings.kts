// .teamcity/settings.kts
import jetbrains.buildServer.configs.kotlin.*
import jetbrains.buildServer.configs.kotlin.buildSteps.script

version = "2025.11"

project {
    buildType(Release)
}

object Release : BuildType({
    name = "Release"
    artifactRules = "rollout.html"
    maxRunningBuilds = 1
    params {
        param("env.CLANFORGE_ACCOUNT_SERVICE_ID", "1234")
        // Passwords of the project.
        param("env.CLANFORGE_ACCESS_KEY", "%clanforge.accessKey%")
        param("env.CLANFORGE_SECRET_KEY", "%clanforge.secretKey%")
    }
    steps {
        script {
            name = "Roll out"
            scriptContent = "clanforge rollout --image 5678 --report rollout.html -- ./start-the-rollout"
        }
        script {
            name = "Switch players over"
            scriptContent = "./switch-players-over"
        }
    }
    failureConditions {
        executionTimeoutMin = 90
    }
})
