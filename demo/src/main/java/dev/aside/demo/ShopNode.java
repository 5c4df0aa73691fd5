package dev.aside.demo;

import dev.aside.demo.data.Shop;
import dev.aside.demo.web.MailBox;
import dev.aside.demo.web.NodeInfo;
import dev.aside.demo.web.RedisControl;
import java.util.List;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** One application node: a Spring context with its own port, caches and executor. */
@SpringBootApplication(proxyBeanMethods = false)
class ShopNode {

    /**
     * Starts a node; returns when it answers.
     *
     * @param extra looks at the context before its beans are made; for tests
     */
    static ConfigurableApplicationContext start(
            NodeInfo node,
            int port,
            DemoServers servers,
            List<String> arguments,
            ApplicationContextInitializer<ConfigurableApplicationContext> extra) {
        SpringApplication application = new SpringApplication(ShopNode.class);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setRegisterShutdownHook(false); // nodes end in order, before their servers
        Map<String, Object> own = Map.of(
                "server.port",
                port,
                "spring.datasource.url",
                servers.jdbcUrl(),
                "spring.datasource.hikari.schema",
                Shop.SCHEMA,
                "spring.datasource.hikari.pool-name",
                "node-" + node.name(),
                "shop.listen-to-database",
                node.name().equals("A"),
                "aside.redis.uri",
                servers.redisUri(),
                "spring.mail.host",
                "127.0.0.1",
                "spring.mail.port",
                servers.mails().port());
        application.addInitializers(
                context -> {
                    // before all else: a SERVER_PORT in the environment is not meant for two nodes
                    context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("demo", own));
                    // singletons that the context does not close
                    context.getBeanFactory().registerSingleton("redisControl", (RedisControl) servers);
                    context.getBeanFactory().registerSingleton("mailBox", (MailBox) servers.mails());
                    context.getBeanFactory().registerSingleton("nodeInfo", node);
                },
                extra);
        return application.run(arguments.toArray(String[]::new));
    }
}
