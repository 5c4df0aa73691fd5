package dev.aside.demo;

import dev.aside.testkit.HouseRules;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
    @Test
    void demo_allClasses_keepTheHouseRules() {
        HouseRules.of("dev.aside.demo").allow("Demo", "PriceListenerThread").check();
    }
}
