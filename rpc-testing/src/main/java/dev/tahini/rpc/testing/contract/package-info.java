/**
 * The contracts of the SPIs as tests, for whoever writes one: extend the one for what you wrote,
 * say in a few methods how to make it, and JUnit runs a test for each sentence of the contract.
 *
 * <table>
 *   <caption>Which to extend</caption>
 *   <tr><th>a {@link dev.tahini.rpc.Discovery}</th>
 *     <td>{@link dev.tahini.rpc.testing.contract.ChangingDiscoveryContract}, or {@link
 *     dev.tahini.rpc.testing.contract.DiscoveryContract} if its source never changes</td></tr>
 *   <tr><th>a {@link dev.tahini.rpc.Picker.Factory}</th>
 *     <td>{@link dev.tahini.rpc.testing.contract.PickerFactoryContract}, which is {@link
 *     dev.tahini.rpc.testing.contract.PickerContract} and more</td></tr>
 *   <tr><th>a {@link dev.tahini.rpc.RetryPolicy}</th>
 *     <td>{@link dev.tahini.rpc.testing.contract.RetryPolicyContract}</td></tr>
 * </table>
 *
 * <p>This package, and no other of the kit, needs JUnit Jupiter ({@code junit-jupiter-api}), which
 * the kit does not bring. A test that cannot hold for an implementation is switched off where it
 * can be seen: overridden, with {@code @Test}, {@code @Disabled} and the reason.
 */
@NullMarked
package dev.tahini.rpc.testing.contract;

import org.jspecify.annotations.NullMarked;
