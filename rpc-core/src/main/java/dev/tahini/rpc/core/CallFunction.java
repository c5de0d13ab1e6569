package dev.tahini.rpc.core;

/**
 * What {@link RpcClient#call} runs with a stub whose calls all go to one backend.
 *
 * @param <S> the stub
 * @param <T> what it returns
 * @param <E> what it may throw
 */
@FunctionalInterface
public interface CallFunction<S, T, E extends Exception> {

  /**
   * Makes calls.
   *
   * @param stub a stub for this one run; its calls may overlap
   * @return what {@link RpcClient#call} is to return
   * @throws E as it likes; passed on
   */
  T apply(S stub) throws E;
}
