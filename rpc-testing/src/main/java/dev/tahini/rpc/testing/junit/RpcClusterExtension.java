package dev.tahini.rpc.testing.junit;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.FakeTime;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.testing.TestDiscovery;
import io.grpc.BindableService;
import io.grpc.Channel;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * A {@link RpcTestCluster} for JUnit Jupiter: one for each test where it is registered by an
 * instance field, one for the class where by a static one.
 *
 * <pre>{@code
 * @RegisterExtension
 * final RpcClusterExtension cluster =
 *     RpcClusterExtension.inProcess(FakeGreeter::new, "a", "b", "c");
 *
 * @Test
 * void greets(RpcClient<GreeterBlockingStub> client, @BackendNamed("b") TestBackend b) {...}
 * }</pre>
 *
 * <p>Parameters: {@link RpcTestCluster}, {@link TestBackend} with {@link BackendNamed}, {@link
 * RpcClient} of a stub that gRPC generated or of {@link Channel}, {@link Channel} (balanced),
 * {@link TestDiscovery}, and {@link FakeTime} if the cluster has it. Clients and channels are
 * closed with the test that they were injected into, the cluster after its last test.
 *
 * <p>A class has one such extension at most: JUnit would not know which of two is to give a
 * parameter. Two clusters side by side are made in the test.
 *
 * <p>When a test fails, how the cluster stands is added to the failure: each client's backends and
 * what each backend received. Safe in parallel runs: what it holds is in JUnit's own stores.
 */
public final class RpcClusterExtension
    implements BeforeAllCallback,
        BeforeEachCallback,
        ParameterResolver,
        TestExecutionExceptionHandler,
        LifecycleMethodExecutionExceptionHandler {
  private static final Set<Class<?>> TYPES =
      Set.of(
          RpcTestCluster.class,
          TestBackend.class,
          RpcClient.class,
          Channel.class,
          TestDiscovery.class,
          FakeTime.class);

  private final Supplier<RpcTestCluster> clusters;
  private final Namespace namespace = Namespace.create(RpcClusterExtension.class, this);

  private RpcClusterExtension(Supplier<RpcTestCluster> clusters) {
    this.clusters = clusters;
  }

  /**
   * With any cluster.
   *
   * @param clusters makes a new one each time, such as {@code () ->
   *     RpcTestCluster.builder()....start()}
   * @return the extension
   */
  public static RpcClusterExtension of(Supplier<RpcTestCluster> clusters) {
    return new RpcClusterExtension(requireNonNull(clusters, "clusters"));
  }

  /**
   * With {@link RpcTestCluster#inProcess}.
   *
   * @param services makes a backend's service of the backend's name
   * @param names of the backends
   * @return the extension
   */
  public static RpcClusterExtension inProcess(
      Function<String, ? extends BindableService> services, String... names) {
    String[] copy = names.clone();
    return of(() -> RpcTestCluster.inProcess(services, copy));
  }

  /**
   * With {@link RpcTestCluster#loopback}.
   *
   * @param services makes a backend's service of the backend's name
   * @param names of the backends
   * @return the extension
   */
  public static RpcClusterExtension loopback(
      Function<String, ? extends BindableService> services, String... names) {
    String[] copy = names.clone();
    return of(() -> RpcTestCluster.loopback(services, copy));
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    cluster(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    cluster(context);
  }

  /** The class's, if there is one; else the test's. */
  @SuppressWarnings("deprecation") // what takes its place came with JUnit 6
  private RpcTestCluster cluster(ExtensionContext context) {
    return requireNonNull(
        context
            .getStore(namespace)
            .getOrComputeIfAbsent(
                RpcTestCluster.class, key -> clusters.get(), RpcTestCluster.class),
        "clusters returned null");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return TYPES.contains(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    RpcTestCluster cluster = cluster(context);
    Class<?> type = parameter.getParameter().getType();
    if (type == TestBackend.class) {
      return cluster.backend(name(parameter));
    }
    if (type == RpcClient.class) {
      Type stub = stubOf(parameter.getParameter().getParameterizedType());
      return closedAfter(context, parameter, cluster.client(StubFactory.of((Class<?>) stub)));
    }
    if (type == Channel.class) {
      return closedAfter(context, parameter, cluster.client(channel -> channel)).channel();
    }
    if (type == FakeTime.class) {
      return fakeTime(cluster);
    }
    return type == TestDiscovery.class ? cluster.discovery() : cluster;
  }

  private static String name(ParameterContext parameter) {
    return parameter
        .findAnnotation(BackendNamed.class)
        .orElseThrow(
            () ->
                new ParameterResolutionException(
                    parameter.getParameter() + ": no name (expected: @BackendNamed(\"...\"))"))
        .value();
  }

  private static Type stubOf(Type client) {
    Type stub =
        client instanceof ParameterizedType typed ? typed.getActualTypeArguments()[0] : client;
    if (!(stub instanceof Class<?>) || stub == RpcClient.class) {
      throw new ParameterResolutionException(
          client + " (expected: RpcClient<GreeterBlockingStub>, or of another class of stubs)");
    }
    return stub;
  }

  private static FakeTime fakeTime(RpcTestCluster cluster) {
    if (cluster.time() instanceof FakeTime time) {
      return time;
    }
    throw new ParameterResolutionException(
        "time: the system's (expected: a cluster that was built with .time(new FakeTime()))");
  }

  /** JUnit closes what is in its stores: the test's before the class's. */
  private <S> RpcClient<S> closedAfter(
      ExtensionContext context, ParameterContext parameter, RpcClient<S> client) {
    Store store = context.getStore(namespace);
    store.put(parameter.getParameter(), client);
    return client;
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw withReport(context, failure);
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw withReport(context, failure);
  }

  @Override
  public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw withReport(context, failure);
  }

  @Override
  public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw withReport(context, failure);
  }

  @Override
  public void handleAfterAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw withReport(context, failure);
  }

  /** Nothing may take the place of the test's own failure. */
  private Throwable withReport(ExtensionContext context, Throwable failure) {
    try {
      failure.addSuppressed(new ClusterReport(cluster(context)));
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }
}
