package dev.aside.spring;

import dev.aside.testkit.HouseRules;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
    @Test
    void starter_allClasses_keepTheHouseRules() {
        HouseRules.of("dev.aside.spring").allow("EventThreads", "OffloadDrain").check();
    }
}
