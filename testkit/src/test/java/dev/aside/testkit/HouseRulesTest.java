package dev.aside.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.aside.testkit.fixture.circle.left.Left;
import dev.aside.testkit.fixture.clock.TimeUser;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
    @Test
    void main_houseRules_hold() {
        HouseRules.of("dev.aside.testkit")
                .allow("Waiting", "ShutdownHook", "ProxyLoop")
                .check();
    }

    @Test
    void check_packageCycle_failsNamingBothPackages() {
        assertThatThrownBy(() -> fixture(Left.class).check())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("fixture.circle.left")
                .hasMessageContaining("fixture.circle.right");
    }

    @Test
    void check_timeAndThreadsInOtherClass_failsNamingEachUse() {
        assertThatThrownBy(() -> fixture(TimeUser.class).check())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("nanoTime")
                .hasMessageContaining("currentTimeMillis")
                .hasMessageContaining("Instant.now")
                .hasMessageContaining("systemUTC")
                .hasMessageContaining("sleep")
                .hasMessageContaining("newCachedThreadPool")
                .hasMessageContaining("java.lang.Thread.<init>");
    }

    @Test
    void check_timeAndThreadsInAllowedClass_passes() {
        assertThatCode(() -> fixture(TimeUser.class).allow("TimeUser").check()).doesNotThrowAnyException();
    }

    @Test
    void check_allowedClassNeedsItNoMore_fails() {
        assertThatThrownBy(
                        () -> fixture(TimeUser.class).allow("TimeUser", "Gone").check())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("[Gone]");
    }

    private static HouseRules fixture(Class<?> member) {
        String root = member.getPackageName().replaceFirst("\\.(left|right)$", "");
        return new HouseRules(new ClassFileImporter().importPackages(root), Set.of());
    }
}
