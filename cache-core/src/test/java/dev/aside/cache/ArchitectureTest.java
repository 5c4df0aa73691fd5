package dev.aside.cache;

import dev.aside.testkit.HouseRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void main_houseRules_hold() {
        HouseRules.of("dev.aside.cache").allow("CacheThreads", "CoarseClock").check();
    }
}
