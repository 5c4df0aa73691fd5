package dev.aside.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Rules that keep a code base testable: no package cycles; time and threads only in classes that are named for it.
 *
 * <pre>{@code
 * @Test
 * void main_houseRules_hold() {
 *     HouseRules.of("com.example.shop").allow("SystemTime", "WorkerThreads").check();
 * }
 * }</pre>
 *
 * <p>Needs ArchUnit on the class path. Immutable.
 */
public final class HouseRules {
    private static final Set<String> TIME_CLASSES = Set.of(
            "java.time.Instant",
            "java.time.LocalDate",
            "java.time.LocalTime",
            "java.time.LocalDateTime",
            "java.time.OffsetDateTime",
            "java.time.OffsetTime",
            "java.time.ZonedDateTime",
            "java.time.Year",
            "java.time.YearMonth",
            "java.time.MonthDay");

    private static final Set<String> CLOCK_CLASSES = Set.of("java.time.Clock", "java.time.InstantSource");

    private static final Set<String> TIME_AND_PAUSE_METHODS = Set.of(
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.lang.Thread.sleep",
            "java.util.concurrent.TimeUnit.sleep",
            "java.util.concurrent.locks.LockSupport.parkNanos",
            "java.util.concurrent.locks.LockSupport.parkUntil",
            "java.util.concurrent.ForkJoinPool.commonPool");

    private static final Set<String> CONSTRUCTED = Set.of(
            "java.lang.Thread",
            "java.util.Date",
            "java.util.Timer",
            "java.util.concurrent.ForkJoinPool",
            "java.util.concurrent.ThreadPoolExecutor",
            "java.util.concurrent.ScheduledThreadPoolExecutor");

    private static final String EXECUTORS = "java.util.concurrent.Executors";

    private final JavaClasses classes;
    private final Set<String> allowed;

    HouseRules(JavaClasses classes, Set<String> allowed) {
        this.classes = classes;
        this.allowed = allowed;
    }

    /** Rules for the production classes of a package and all below it, as found on the class path. */
    public static HouseRules of(String rootPackage) {
        JavaClasses found = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(rootPackage);
        return new HouseRules(found, Set.of());
    }

    /** The simple names of those top-level classes that may read clocks, sleep and start threads, nested classes included. */
    public HouseRules allow(String... simpleNames) {
        return new HouseRules(classes, Set.of(simpleNames));
    }

    /**
     * Checks all rules.
     *
     * @throws AssertionError if one does not hold; it lists every violation with its line
     */
    public void check() {
        packagesHaveNoCycles();
        timeAndThreadsEnterWhereAllowed();
    }

    /** Checks that no two packages depend on each other, directly or around. */
    public void packagesHaveNoCycles() {
        slices().assignedFrom(new EachPackage()).should().beFreeOfCycles().check(classes);
    }

    /** Checks that only allowed classes read clocks, sleep and start threads, and that all of them still exist and do. */
    public void timeAndThreadsEnterWhereAllowed() {
        classes()
                .should(new TakeTimeFromOutside())
                .because("tests turn time by hand and every thread is listed in one place")
                .check(classes);
        Set<String> idle = new TreeSet<>(allowed);
        idle.removeAll(classes.stream()
                .filter(c -> c.getAccessesFromSelf().stream().anyMatch(HouseRules::isForbidden))
                .map(HouseRules::topLevelName)
                .collect(Collectors.toSet()));
        if (!idle.isEmpty()) {
            throw new AssertionError(
                    "Allowed to use time and threads, but do not: " + idle + ". Take them off the list.");
        }
    }

    private static String topLevelName(JavaClass type) {
        String name = type.getName().substring(type.getPackageName().length() + 1);
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    private static boolean isForbidden(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String member = access.getName();
        return (TIME_CLASSES.contains(owner) && member.equals("now"))
                || (CLOCK_CLASSES.contains(owner) && member.startsWith("system"))
                || TIME_AND_PAUSE_METHODS.contains(owner + "." + member)
                || (CONSTRUCTED.contains(owner) && member.equals("<init>"))
                || owner.equals(EXECUTORS);
    }

    private final class TakeTimeFromOutside extends ArchCondition<JavaClass> {
        TakeTimeFromOutside() {
            super("take time and threads from outside, except in " + new TreeSet<>(allowed));
        }

        @Override
        public void check(JavaClass type, ConditionEvents events) {
            if (!allowed.contains(topLevelName(type))) {
                type.getAccessesFromSelf().stream()
                        .filter(HouseRules::isForbidden)
                        .forEach(access -> events.add(SimpleConditionEvent.violated(access, access.getDescription())));
            }
        }
    }

    private static final class EachPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "each package";
        }
    }
}
