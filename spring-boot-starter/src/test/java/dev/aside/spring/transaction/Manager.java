package dev.aside.spring.transaction;

import jakarta.persistence.EntityManagerFactory;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;

/** Who manages the transactions. They differ in what they make of a commit that fails. */
enum Manager {
    DATA_SOURCE {
        @Override
        Access open(DataSource dataSource) {
            return new Access(new DataSourceTransactionManager(dataSource), new JdbcPrices(dataSource), null);
        }
    },
    /** Boot's default where there is no JPA. */
    JDBC {
        @Override
        Access open(DataSource dataSource) {
            return new Access(new JdbcTransactionManager(dataSource), new JdbcPrices(dataSource), null);
        }
    },
    JPA {
        @Override
        Access open(DataSource dataSource) {
            LocalContainerEntityManagerFactoryBean bean = new LocalContainerEntityManagerFactoryBean();
            bean.setDataSource(dataSource);
            bean.setManagedTypes(PersistenceManagedTypes.of(PriceRow.class.getName()));
            bean.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
            bean.afterPropertiesSet();
            EntityManagerFactory factory = Objects.requireNonNull(bean.getObject());
            return new Access(
                    new JpaTransactionManager(factory),
                    new JpaPrices(SharedEntityManagerCreator.createSharedEntityManager(factory)),
                    factory);
        }
    };

    abstract Access open(DataSource dataSource);

    /**
     * A way to the database.
     *
     * @param database prices past the cache, in the thread's transaction
     * @param factory null without JPA
     */
    record Access(PlatformTransactionManager manager, Prices database, EntityManagerFactory factory) {}
}
