// Runs a declarative Jenkinsfile as Jenkins does: one stage after another until one fails, then the steps of `post`. A directive
// or a step that the recipe does not use, or one at another place, is an error. CREDENTIALS has `id:user:password`.

import org.codehaus.groovy.control.CompilerConfiguration

abstract class Jenkins extends Script {
    static final String any = 'any'
    int exitCode = 0
    List<String> blocks = ['file']
    Map<String, String> variables = [:]

    void pipeline(Closure body) { within('pipeline', ['file'], body) }
    void agent(String label) { at('agent', ['pipeline']) }
    void options(Closure body) { within('options', ['pipeline'], body) }
    void timeout(Map limit) { at('timeout', ['options']); assert limit.keySet() == ['time', 'unit'] as Set }
    void disableConcurrentBuilds() { at('disableConcurrentBuilds', ['options']) }

    void environment(Closure body) {
        body.delegate = variables
        body.resolveStrategy = Closure.DELEGATE_FIRST
        within('environment', ['pipeline'], body)
    }

    void stages(Closure body) { within('stages', ['pipeline'], body) }
    void stage(String name, Closure body) { if (exitCode == 0) within('stage', ['stages'], body) }
    void steps(Closure body) { within('steps', ['stage'], body) }
    void post(Closure body) { within('post', ['pipeline'], body) }
    void always(Closure body) { within('always', ['post'], body) }
    void archiveArtifacts(Map artifacts) { at('archiveArtifacts', ['always']); println "archived ${artifacts.artifacts}" }

    Map usernamePassword(Map binding) { binding }

    void withCredentials(List<Map> bindings, Closure body) {
        def (id, user, password) = System.getenv('CREDENTIALS').split(':')
        def outside = variables.clone()
        for (binding in bindings) {
            assert binding.credentialsId == id
            variables += [(binding.usernameVariable): user, (binding.passwordVariable): password]
        }
        within('withCredentials', ['steps'], body)
        variables = outside
    }

    void sh(String script) {
        at('sh', ['steps', 'withCredentials'])
        if (exitCode != 0) return
        def builder = new ProcessBuilder('sh', '-xe', '-c', script).inheritIO()
        builder.environment().putAll(variables)
        exitCode = builder.start().waitFor()
    }

    private void at(String name, List<String> places) {
        assert blocks.last() in places: "$name is in ${blocks.last()}, not in $places"
    }

    private void within(String name, List<String> places, Closure body) {
        at(name, places)
        blocks << name
        body()
        blocks.removeLast()
    }
}

def settings = new CompilerConfiguration(scriptBaseClass: Jenkins.name)
def jenkinsfile = new GroovyShell(this.class.classLoader, new Binding(), settings).parse(new File(args[0]))
jenkinsfile.run()
System.exit(jenkinsfile.exitCode)
