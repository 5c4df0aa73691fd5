package dev.aside.offload;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.aside.testkit.HouseRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String ROOT = "dev.aside.offload";

    @Test
    void main_houseRules_hold() {
        HouseRules.of(ROOT)
                .allow("SystemTime", "WorkerThreads", "CallbackThreads")
                .check();
    }

    @Test
    void valuesAndSpi_knowNoEngine() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".job..", ROOT + ".spi..", ROOT + ".memory..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT)
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(ROOT));
    }
}
