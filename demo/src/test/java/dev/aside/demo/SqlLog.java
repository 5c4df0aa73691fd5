package dev.aside.demo;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.ExecutionInfo;
import net.ttddyy.dsproxy.QueryInfo;
import net.ttddyy.dsproxy.listener.QueryExecutionListener;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** Every statement that the nodes send to PostgreSQL. */
final class SqlLog implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private final List<String> statements = new CopyOnWriteArrayList<>();

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        context.getBeanFactory().addBeanPostProcessor(new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof DataSource dataSource ? counted(dataSource) : bean;
            }
        });
    }

    void clear() {
        statements.clear();
    }

    /** How many statements since the last clear contain the text. */
    long count(String text) {
        return statements.stream().filter(sql -> sql.contains(text)).count();
    }

    private DataSource counted(DataSource dataSource) {
        return ProxyDataSourceBuilder.create(dataSource)
                .listener(new QueryExecutionListener() {
                    @Override
                    public void beforeQuery(ExecutionInfo execution, List<QueryInfo> queries) {}

                    @Override
                    public void afterQuery(ExecutionInfo execution, List<QueryInfo> queries) {
                        queries.forEach(query -> statements.add(query.getQuery()));
                    }
                })
                .build();
    }
}
