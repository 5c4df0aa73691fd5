package dev.aside.demo;

import dev.aside.demo.data.Shop;
import dev.aside.demo.data.ShopDataException;
import dev.aside.demo.web.NodeInfo;
import dev.aside.testkit.TestServerException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The running demo: servers, data, and nodes that share both. Closing it ends the nodes, then the servers it started.
 */
public final class Demo implements AutoCloseable {
    private final DemoServers servers;
    private final List<ConfigurableApplicationContext> nodes = new ArrayList<>();
    private final List<Integer> ports;

    private Demo(DemoServers servers, List<Integer> ports) {
        this.servers = servers;
        this.ports = ports;
    }

    /** Runs until Ctrl-C. */
    public static void main(String[] arguments) {
        if (List.of(arguments).contains("--help")) {
            System.out.print(DemoOptions.USAGE);
            return;
        }
        try {
            Demo demo = start(DemoOptions.parse(arguments), System.out, context -> {});
            Runtime.getRuntime().addShutdownHook(new Thread(demo::close, "aside-demo-shutdown"));
        } catch (DemoException | ShopDataException | TestServerException e) {
            System.err.println("demo: " + e.getMessage());
            System.exit(1);
        }
    }

    /**
     * Starts everything.
     *
     * @param extra looks at each node's context before its beans are made; for tests
     * @throws DemoException if a port is taken or a given server cannot be used
     * @throws ShopDataException if the data cannot be read
     */
    static Demo start(
            DemoOptions options, PrintStream out, ApplicationContextInitializer<ConfigurableApplicationContext> extra) {
        List<Integer> ports = Ports.free(options.ports());
        Demo demo = new Demo(DemoServers.start(options), ports);
        try {
            Shop.Examples examples = demo.load(options, out);
            for (int i = 0; i < ports.size(); i++) {
                demo.nodes.add(demo.startNode(i, options, examples, extra));
            }
            Welcome.print(out, demo.urls(), examples);
            return demo;
        } catch (RuntimeException e) {
            demo.close();
            throw e;
        }
    }

    /** The nodes' addresses, {@code http://localhost:port}. */
    List<String> urls() {
        return ports.stream().map(port -> "http://localhost:" + port).toList();
    }

    /** The nodes' contexts, in order. */
    List<ConfigurableApplicationContext> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    DemoServers servers() {
        return servers;
    }

    private Shop.Examples load(DemoOptions options, PrintStream out) {
        out.println("Loading " + options.sales().name());
        try {
            Shop.Loaded loaded = Shop.load(
                    servers.jdbcUrl(), options.sales(), lines -> out.println(String.format("  %,d lines", lines)));
            out.println("Loaded " + loaded);
            return Shop.examples(servers.jdbcUrl());
        } catch (SQLException e) {
            throw new DemoException(
                    "PostgreSQL cannot be used: "
                            + String.valueOf(e.getMessage()).replaceAll("\\s+", " "),
                    e);
        }
    }

    private ConfigurableApplicationContext startNode(
            int index,
            DemoOptions options,
            Shop.Examples examples,
            ApplicationContextInitializer<ConfigurableApplicationContext> extra) {
        NodeInfo node = new NodeInfo(Character.toString('A' + index), urls(), examples);
        try {
            return ShopNode.start(node, ports.get(index), servers, options.springArguments(), extra);
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof PortInUseException) {
                    throw new DemoException("port " + ports.get(index) + " is taken [hint: --ports=8090,8091]", e);
                }
            }
            throw e;
        }
    }

    @Override
    public void close() {
        nodes.forEach(ConfigurableApplicationContext::close);
        servers.close();
    }
}
